/** What a file of `catalog/datasets` provides: numbers by a name. */
import type { Chosen, Settings } from '../settings.ts';
import type { DataArray, Table } from './data.ts';
import type { Entry } from './entry.ts';

/** What the text asks for by its declared shapes; null where it leaves the size to the data set. */
export interface AskedSize {
  /** Length of the first axis of the first array. */
  readonly rows: number | null;
  /** Length of its second axis. */
  readonly columns: number | null;
}

interface DatasetBase<S extends Settings> extends Entry {
  readonly settings: S;
  /** Under which terms the numbers may be used, and by whom they were made. */
  readonly licence: string;
  /** The arrays that it gives, in order: `data X, y = …` takes the first two. */
  readonly arrays: readonly { readonly name: string; readonly meaning: string }[];
  /** A line for the text. */
  readonly example: string;
  /** Why these settings do not go with the size that is asked for, as a sentence; null, or absent, where they do. */
  fault?(settings: Chosen<NoInfer<S>>, asked: AskedSize): string | null;
}

/** Numbers that are computed from the settings, the same everywhere. */
export interface GeneratedDataset<S extends Settings = Settings> extends DatasetBase<S> {
  generate(settings: Chosen<NoInfer<S>>, asked: AskedSize): readonly DataArray[];
}

/** Numbers that are loaded once; `select` says which of them the text gets. */
export interface LoadedDataset<S extends Settings = Settings> extends DatasetBase<S> {
  load(): Promise<Table>;
  select(table: Table, settings: Chosen<NoInfer<S>>, asked: AskedSize): readonly DataArray[];
}

export type Dataset<S extends Settings = Settings> = GeneratedDataset<S> | LoadedDataset<S>;

export function defineDataset<const S extends Settings>(dataset: GeneratedDataset<S>): GeneratedDataset<S>;
export function defineDataset<const S extends Settings>(dataset: LoadedDataset<S>): LoadedDataset<S>;
export function defineDataset<const S extends Settings>(dataset: Dataset<S>): Dataset<S> {
  return dataset;
}
