/** Which sets of entries hang together: they share entries, or are linked by others that do. */

/**
 * The groups of all pieces that share entries of x, or are linked by pieces that do, each in the order given, and one after the other
 * by their last piece. About one operation for each entry of each piece.
 */
export function components<Piece extends { readonly coordinates: readonly number[] }>(
  pieces: readonly Piece[],
): Piece[][] {
  const parents = pieces.map((_, k) => k);
  const rootOf = (k: number): number => {
    let root = k;
    while (parents[root] !== root) root = parents[root] ?? root;
    for (let step = k; step !== root; ) {
      const next = parents[step] ?? root;
      parents[step] = root;
      step = next;
    }
    return root;
  };
  const owners = new Map<number, number>();
  pieces.forEach(({ coordinates }, k) => {
    for (const entry of coordinates) {
      const owner = owners.get(entry);
      if (owner !== undefined) parents[rootOf(owner)] = k;
      owners.set(entry, k);
    }
  });
  // The last piece of a group is its root: each piece takes over the groups that it touches.
  const groups = new Map<number, Piece[]>();
  pieces.forEach((piece, k) => {
    const own = groups.get(rootOf(k));
    if (own) own.push(piece);
    else groups.set(rootOf(k), [piece]);
  });
  return [...groups].sort(([a], [b]) => a - b).map(([, own]) => own);
}
