/** The catalogue with what its entries compute. The page lists them without (`Listing`), and asks for this where a run needs advice or leaves as a script. */
import type { Catalog } from '../core/contracts.ts';

let loading: Promise<Catalog> | null = null;

/** The same promise each time, as `use` wants it; after a failure the next asks anew. */
export function entries(): Promise<Catalog> {
  loading ??= import('../catalog/registry.ts').then(
    ({ catalog }) => catalog,
    (error: unknown) => {
      loading = null;
      throw error;
    },
  );
  return loading;
}
