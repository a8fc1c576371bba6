/** What all entries of the catalogue have. */
import type { Tensor } from '../tensor/ops.ts';

export interface Entry {
  /** Equal to the file's name. */
  readonly id: string;
  readonly title: string;
  /** Book or paper, with section. Shown in the app. */
  readonly source: string;
  /** One or two sentences for a reader who meets it for the first time. */
  readonly summary: string;
}

export type State = Readonly<Record<string, Tensor>>;
