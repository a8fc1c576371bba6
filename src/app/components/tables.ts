/** The tables behind the figures, fetched when one is first asked for. */
import { onDemand } from './on-demand.tsx';

export const ChartTable = onDemand(() => import('./chart-table.tsx').then((module) => module.ChartTable));
export const EntriesTable = onDemand(() => import('./entries-table.tsx').then((module) => module.EntriesTable));
export const RecordsTable = onDemand(() => import('./records-table.tsx').then((module) => module.RecordsTable));
