/** Collects the catalogue's files and checks them at start-up: all faults are reported in one error. */
import type { Catalog, ConstraintKind, Dataset, Entry, Method, Optimizer } from '../core/contracts.ts';
import { invariant } from '../core/diagnostic.ts';

type Files<T> = Record<string, T>;

/** What is wrong with the entries of one folder. */
export function registryFaults(files: Files<Entry>): string[] {
  const faults: string[] = [];
  for (const [path, entry] of Object.entries(files)) {
    const name = path.replace(/^.*\//, '').replace(/\.ts$/, '');
    if (!entry) faults.push(`${path}: no default export`);
    else {
      if (entry.id !== name) faults.push(`${path}: its id is “${entry.id}”, its file's name is not`);
      for (const field of ['title', 'source', 'summary'] as const)
        if (!entry[field]?.trim()) faults.push(`${path}: no ${field}`);
    }
  }
  return faults;
}

const constraints = import.meta.glob<ConstraintKind>(['./constraints/*.ts', '!./**/*.test.ts'], {
  eager: true,
  import: 'default',
});
const optimizers = import.meta.glob<Optimizer>(['./optimizers/*.ts', '!./**/*.test.ts'], {
  eager: true,
  import: 'default',
});
const datasets = import.meta.glob<Dataset>(['./datasets/*.ts', '!./**/*.test.ts'], { eager: true, import: 'default' });
const methods = import.meta.glob<Method>(['./methods/*.ts', '!./**/*.test.ts'], { eager: true, import: 'default' });

const faults = [constraints, optimizers, methods, datasets].flatMap(registryFaults);
invariant(faults.length === 0, `the catalogue has faults:\n${faults.join('\n')}`);

export const catalog: Catalog = {
  constraints: Object.values(constraints),
  optimizers: Object.values(optimizers),
  methods: Object.values(methods),
  datasets: Object.values(datasets),
};
