/** The experiment's own tables: put in from a file, taken out again. */
import type { Table } from '../../core/contracts.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
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
    removeTable(name) {
      const { experiment } = get();
      const { [name]: _, ...others } = experiment.data ?? {};
      set({ experiment: withData(experiment, others), isHeld: false });
    },
  });
