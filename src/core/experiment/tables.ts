/** The tables of an experiment: those that it holds, and those that it names by the hash of their numbers. */
import type { Table } from '../contracts.ts';
import { type Diagnostic, failure, type Result, success } from '../diagnostic.ts';
import type { Experiment } from './experiment.ts';
import { isJsonObject } from './plain-json.ts';

/** A table that does not travel: who opens the experiment elsewhere needs the file. */
export interface NamedTable {
  /** Of `tableText`, in hexadecimal digits. */
  readonly sha256: string;
  /** Of the file that it came from. */
  readonly name: string;
}

export const isTable = (entry: unknown): entry is Table =>
  isJsonObject(entry) && Array.isArray(entry.rows) && Array.isArray(entry.columns);
const isNamedTable = (entry: unknown): entry is NamedTable => isJsonObject(entry) && typeof entry.sha256 === 'string';

/** Finds what the experiment only names; a table that is not here is an error that says which file is missing. */
export async function tablesOf(
  data: Experiment['data'],
  find: (sha256: string) => Promise<Table | null>,
): Promise<Result<Readonly<Record<string, Table>>>> {
  const tables: Record<string, Table> = {};
  const diagnostics: Diagnostic[] = [];
  for (const [name, entry] of Object.entries(data ?? {})) {
    const table = isTable(entry) ? entry : isNamedTable(entry) ? await find(entry.sha256) : null;
    if (table) tables[name] = table;
    else if (isNamedTable(entry)) {
      const message = `The table ${name} is not on this device. It was made from the file “${entry.name}”, which is too large for a link: load that file again.`;
      diagnostics.push({ severity: 'error', message });
    }
  }
  return diagnostics.length > 0 ? failure(...diagnostics) : success(tables);
}

/** The same with the tables that are found in place of their names, for a file: it opens on any device. */
export async function withTables(
  experiment: Experiment,
  find: (sha256: string) => Promise<Table | null>,
): Promise<Experiment> {
  const named = namedTablesOf(experiment.data);
  if (named.length === 0) return experiment;
  const found = await Promise.all(named.map(async ([name, { sha256 }]) => [name, await find(sha256)] as const));
  const tables = Object.fromEntries(found.filter(([, table]) => table !== null)) as Record<string, Table>;
  return { ...experiment, data: { ...experiment.data, ...tables } };
}

/** What a link to the experiment leaves behind. */
export const namedTablesOf = (data: Experiment['data']): (readonly [string, NamedTable])[] =>
  Object.entries(data ?? {}).flatMap(([name, entry]) => (isNamedTable(entry) ? [[name, entry] as const] : []));

/** The canonical text of a table, whose hash is its name: columns and rows as JSON. */
export const tableText = ({ columns, rows }: Table): string => JSON.stringify({ columns, rows });
