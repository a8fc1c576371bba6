/** What keeps a text from being a problem, without studying it. */
import type { Catalog } from '../../contracts.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import type { DataSources } from '../../problem/data.ts';

/** Errors of parsing, else of checking, each with its span; none of a text that is a problem. */
export function textFaults(
  text: string,
  seed: number,
  { datasets }: Pick<Catalog, 'datasets'>,
  { loaded, tables }: Pick<DataSources, 'loaded' | 'tables'>,
): readonly Diagnostic[] {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed, data: { datasets, loaded, tables } }) : document;
  return problem.ok ? [] : problem.diagnostics;
}
