/** What follows from an object that never changes is found once: a redraw need not go through ten thousand records again. */

/** `rest` is the same for the same object. What was found goes with the object. */
export function once<Key extends object, Rest extends readonly unknown[], Found>(
  find: (key: Key, ...rest: Rest) => Found,
): (key: Key, ...rest: Rest) => Found {
  const known = new WeakMap<Key, { readonly found: Found }>();
  return (key, ...rest) => {
    const before = known.get(key);
    if (before) return before.found;
    const found = find(key, ...rest);
    known.set(key, { found });
    return found;
  };
}
