/** The catalogue, as functions of `core/` take it. */
import type { ConstraintKind } from './constraint-kind.ts';
import type { Dataset } from './dataset.ts';
import type { Method } from './method.ts';
import type { Optimizer } from './optimizer.ts';

/** All entries, as the registry found them. Functions of `core/` that need entries take this as an argument. */
export interface Catalog {
  readonly constraints: readonly ConstraintKind[];
  readonly optimizers: readonly Optimizer[];
  readonly methods: readonly Method[];
  readonly datasets: readonly Dataset[];
}
