/** The experiment's own tables: put in from a file, taken out again. */
import type { Table } from '../../core/contracts.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { isTable, withTables } from '../../core/experiment/tables.ts';
import { fitsIntoLink, type TableKeeper } from '../table-keeper.ts';
import type { Slice } from './store.ts';

/** What is looked at before it becomes a table. */
export interface DataDraft {
  readonly fileName: string;
  readonly text: string;
}

export interface DataSlice {
  /** The dialog's draft; null while the dialog is closed. */
  readonly dataDraft: DataDraft | null;
  showDataDialog(draft?: DataDraft): void;
  closeDataDialog(): void;
  /** Small tables go into the experiment; larger ones stay on this device, and the experiment names them. */
  putTable(name: string, table: Table, fileName: string): Promise<void>;
  removeTable(name: string): void;
  /** The experiment for a file, with the tables that it only names. */
  withItsTables(experiment: Experiment): Promise<Experiment>;
  /** The experiment of a file: what is too large for a link is kept on this device, and named. */
  keepingItsTables(experiment: Experiment): Promise<Experiment>;
}

const withData = (experiment: Experiment, data: NonNullable<Experiment['data']>): Experiment => {
  const { data: _, ...rest } = experiment;
  return Object.keys(data).length > 0 ? { ...rest, data } : rest;
};

export const createDataSlice =
  (keeper: TableKeeper | null): Slice<DataSlice> =>
  (set, get) => ({
    dataDraft: null,
    showDataDialog: (draft = { fileName: '', text: '' }) => set({ dataDraft: draft }),
    closeDataDialog: () => set({ dataDraft: null }),
    async putTable(name, table, fileName) {
      const entry = fitsIntoLink(table) || keeper === null ? table : await keeper.keep(table, fileName);
      const { experiment } = get();
      set({ experiment: withData(experiment, { ...experiment.data, [name]: entry }), isHeld: false });
    },
    withItsTables: (experiment) => (keeper ? withTables(experiment, keeper.find) : Promise.resolve(experiment)),
    async keepingItsTables(experiment) {
      let data = experiment.data ?? {};
      for (const [name, table] of Object.entries(data)) {
        if (!keeper || !isTable(table) || fitsIntoLink(table)) continue;
        const named = await keeper.keep(table, `${name}.csv`).catch(() => null); // without room it stays where it is
        if (named) data = { ...data, [name]: named };
      }
      return withData(experiment, data);
    },
    removeTable(name) {
      const { experiment } = get();
      const { [name]: _, ...others } = experiment.data ?? {};
      set({ experiment: withData(experiment, others), isHeld: false });
    },
  });
