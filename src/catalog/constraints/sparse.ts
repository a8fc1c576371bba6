import { claimsOf } from '../../core/analysis/evidence/claims.ts';
import { defineConstraintKind } from '../../core/contracts.ts';
import { at } from '../../core/diagnostic.ts';
import { knownNumbers } from '../../core/tensor/known.ts';
import { largestEntries } from '../../core/tensor/largest.ts';
import type { Ops, Tensor } from '../../core/tensor/ops.ts';

type Sparse = { count: number };

/** x without all but its `count` largest entries. */
const kept = (ops: Ops, x: Tensor, count: Tensor): Tensor =>
  ops.where(largestEntries(ops, x, at(knownNumbers(ops, count), 0)), x, 0);

/** Sparse vectors {x : at most `count` entries are not 0}. Shape: x [n]. Of equally large entries the first are kept. */
export default defineConstraintKind<Sparse>({
  id: 'sparse',
  title: 'Sparse vectors',
  source: 'Beck & Eldar 2013, SIAM J. Optim. 23(3), 1480–1509, §2; Blumensath & Davies 2009 for projected gradient',
  summary:
    'At most a given number of entries differ from zero. The nearest such point keeps the largest entries; the set is not convex, so where a run ends depends on where it starts.',
  isConvex: false,
  claim: claimsOf('sparse', ({ args }) => ({ count: at(at(at(args, 0), 0), 0) })),
  recognize: () => null,
  residual: (ops, x, { count }) => ({ equality: ops.subtract(x, kept(ops, x, count)) }),
  project: (ops, x, { count }) => kept(ops, x, count),
  examples: [
    { name: 'one entry is kept', data: { count: 1 }, from: [1, -3, 2], to: [0, -3, 0] },
    { name: 'two entries are kept', data: { count: 2 }, from: [0.5, -0.25, 0.125, 4], to: [0.5, 0, 0, 4] },
    { name: 'of equal entries the first', data: { count: 2 }, from: [1, -1, 1, 1], to: [1, -1, 0, 0] },
    { name: 'nothing is kept', data: { count: 0 }, from: [1, 2], to: [0, 0] },
    { name: 'huge and tiny entries', data: { count: 1 }, from: [1e-30, -1e30], to: [0, -1e30] },
  ],
});
