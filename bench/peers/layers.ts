import type { TrainingWork } from './peer.ts';

/** W, c, V and d of the start. */
export function layersOf({ start, sizes: [inputs, hidden, outputs] }: TrainingWork) {
  const lengths = [inputs * hidden, hidden, hidden * outputs, outputs];
  let from = 0;
  const [W, c, V, d] = lengths.map((length) => {
    from += length;
    return start.slice(from - length, from);
  });
  if (!W || !c || !V || !d) throw new Error('four layers');
  return { W, c, V, d };
}
