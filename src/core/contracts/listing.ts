/** The catalogue as lists show it: what its entries say of themselves, without what they compute. */
import type { Catalog } from './catalog.ts';
import type { Entry } from './entry.ts';

/** What is asked of an entry together with its functions: reasons for it, its form in PyTorch, its own tests. */
const WITHHELD = ['merit', 'torch', 'examples'] as const;

type Computed = ((...given: never[]) => unknown) | undefined;

type Listed<E extends Entry> = {
  readonly [Name in keyof E as Name extends (typeof WITHHELD)[number]
    ? never
    : E[Name] extends Computed
      ? never
      : Name]: E[Name];
};

/** Plain data, the same after a way through JSON. A catalogue is one, too. */
export interface Listing {
  readonly constraints: readonly Listed<Catalog['constraints'][number]>[];
  readonly optimizers: readonly Listed<Catalog['optimizers'][number]>[];
  readonly methods: readonly Listed<Catalog['methods'][number]>[];
  readonly datasets: readonly Listed<Catalog['datasets'][number]>[];
}

const isListed = ([name, part]: [string, unknown]): boolean =>
  typeof part !== 'function' && !WITHHELD.some((withheld) => withheld === name);

const listed = <E extends Entry>(entries: readonly E[]) =>
  entries.map((entry) => Object.fromEntries(Object.entries(entry).filter(isListed)) as Listed<E>);

export const listingOf = ({ constraints, optimizers, methods, datasets }: Catalog): Listing => ({
  constraints: listed(constraints),
  optimizers: listed(optimizers),
  methods: listed(methods),
  datasets: listed(datasets),
});
