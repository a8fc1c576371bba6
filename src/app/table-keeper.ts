/** Tables kept in the browser by the hash of their numbers: what is too large for a link is only named in the experiment. */
import type { Table } from '../core/contracts.ts';
import { isTable, type NamedTable, tableText } from '../core/experiment/tables.ts';
import type { Keeper } from './library/library.ts';

const keyOf = (sha256: string): string => `feasible.table.${sha256}`;

/** A table of more characters would not fit into a link beside the rest. */
const SMALL = 8_000;

export const fitsIntoLink = (table: Table): boolean => tableText(table).length <= SMALL;

async function hashOf(table: Table): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(tableText(table)));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface TableKeeper {
  /** Null where it is not on this device, or not what its name says. */
  find(sha256: string): Promise<Table | null>;
  /** Keeps the table; rejects where nothing can be stored. */
  keep(table: Table, fileName: string): Promise<NamedTable>;
}

export const createTableKeeper = (keeper: Keeper): TableKeeper => ({
  async find(sha256) {
    const kept = await keeper.get(keyOf(sha256)).catch(() => null);
    return isTable(kept) && (await hashOf(kept)) === sha256 ? kept : null;
  },
  async keep({ columns, rows }, name) {
    const sha256 = await hashOf({ columns, rows });
    await keeper.set(keyOf(sha256), { columns, rows });
    return { sha256, name };
  },
});
