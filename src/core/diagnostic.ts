/** What went wrong with the reader's input, as values. Nothing in `core/` throws for input; `invariant` is for our own bugs. */

/** Half-open range of UTF-16 offsets in the problem text. */
export type Span = readonly [from: number, to: number];

export type Severity = 'error' | 'warning' | 'note';

/** An edit that would mend the fault: replace `span` by `insert`. `title` is the label of the button. */
export interface Fix {
  readonly title: string;
  readonly span: Span;
  readonly insert: string;
}

export interface Diagnostic {
  readonly severity: Severity;
  readonly message: string;
  readonly span?: Span;
  readonly fix?: Fix;
  /** Where two are as likely. */
  readonly otherFix?: Fix;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });

export const failure = (...diagnostics: readonly Diagnostic[]): Result<never> => ({ ok: false, diagnostics });

/** One error as a failed result; `span` is the place to underline. */
export const fault = (message: string, span?: Span, fix?: Fix): Result<never> =>
  failure({ severity: 'error', message, ...(span && { span }), ...(fix && { fix }) });

/** Our own promise. A broken one is a bug of ours, never the reader's. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** The element that must exist; an index out of range is a bug of ours. */
export function at<T>(list: ArrayLike<T>, index: number): T {
  const element = list[index];
  if (element !== undefined) return element;
  invariant(false, `no element ${index} in a list of ${list.length}`); // not at each element: it took nine tenths of the time
}
