/** The data sets that a text names, loaded before it is checked: checking itself waits for nothing. */
import type { Dataset, LoadedDataset, Table } from '../contracts.ts';
import { type Diagnostic, failure, type Result, success } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';

const isLoaded = (dataset: Dataset): dataset is LoadedDataset => 'load' in dataset;

/** Tables by id. A data set that cannot be loaded is a diagnostic at its name; `load` may keep what it has loaded before. */
export async function loadDatasets(
  text: string,
  datasets: readonly Dataset[],
  load: (dataset: LoadedDataset) => Promise<Table> = (dataset) => dataset.load(),
): Promise<Result<ReadonlyMap<string, Table>>> {
  const document = parse(text);
  const tables = new Map<string, Table>();
  const diagnostics: Diagnostic[] = [];
  for (const statement of document.ok ? document.value.statements : []) {
    if (statement.kind !== 'data') continue;
    const { value } = statement;
    if (value.kind !== 'call' && value.kind !== 'name') continue;
    const [name, nameSpan] = [value.name, value.kind === 'call' ? value.nameSpan : value.span];
    const dataset = datasets.find(({ id }) => id === name);
    if (!dataset || !isLoaded(dataset) || tables.has(name)) continue;
    try {
      tables.set(name, await load(dataset));
    } catch {
      const message = `The data set ${name} could not be loaded. Check the connection and change the text to try again.`;
      diagnostics.push({ severity: 'error', message, span: nameSpan });
    }
  }
  return diagnostics.length > 0 ? failure(...diagnostics) : success(tables);
}

/** Keeps what was loaded; what failed is asked for again. */
export function rememberingLoader(): (dataset: LoadedDataset) => Promise<Table> {
  const known = new Map<string, Promise<Table>>();
  return (dataset) => {
    const loading = known.get(dataset.id) ?? dataset.load();
    known.set(dataset.id, loading);
    loading.catch(() => known.delete(dataset.id));
    return loading;
  };
}
