/** The reader's own experiments, kept in the browser: named, and the one that is open. Nothing leaves the machine. */
import type { Experiment } from '../../core/experiment/experiment.ts';
import { asMeant, toWrite } from '../../core/experiment/time-of-writing.ts';
import { validateExperiment } from '../../core/experiment/validate.ts';

/** What keeps values by name: IndexedDB in the page, a map in tests. */
export interface Keeper {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

export interface SavedExperiment {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly experiment: Experiment;
}

const LIST = 'feasible.library';
const OPEN = 'feasible.open';
const MOST = 200;

export interface Library {
  /** The newest first. Entries that cannot be read are left where they are, and not listed. */
  list(): Promise<readonly SavedExperiment[]>;
  /** Keeps an experiment under a name; the same name is replaced. Rejects where nothing can be stored. */
  save(name: string, experiment: Experiment): Promise<void>;
  remove(id: string): Promise<void>;
  /** Puts back what was removed. */
  restore(entry: SavedExperiment): Promise<void>;
  /** The work that is open, for the next visit. */
  keepOpen(experiment: Experiment): Promise<void>;
  lastOpen(): Promise<Experiment | null>;
}

const isSaved = (value: unknown): value is SavedExperiment => {
  if (typeof value !== 'object' || value === null) return false;
  const { id, name, savedAt, experiment } = value as Partial<Record<keyof SavedExperiment, unknown>>;
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    typeof savedAt === 'number' &&
    validateExperiment(experiment).ok
  );
};

export function createLibrary(keeper: Keeper, now: () => number): Library {
  const stored = async (): Promise<readonly unknown[]> => {
    const kept = await keeper.get(LIST);
    return Array.isArray(kept) ? kept : [];
  };
  const change = async (edit: (entries: readonly unknown[]) => readonly unknown[]) =>
    keeper.set(LIST, edit(await stored()));
  const put = (entry: SavedExperiment) =>
    change((entries) =>
      [
        entry,
        ...entries.filter((other) => !isSaved(other) || (other.id !== entry.id && other.name !== entry.name)),
      ].slice(0, MOST),
    );
  return {
    async list() {
      const saved = (await stored()).filter(isSaved).sort((a, b) => b.savedAt - a.savedAt);
      return saved.map((entry) => ({ ...entry, experiment: asMeant(entry.experiment) as Experiment }));
    },
    save: (name, experiment) => put({ id: `${now()} ${name}`, name, savedAt: now(), experiment: toWrite(experiment) }),
    remove: (id) => change((entries) => entries.filter((entry) => !isSaved(entry) || entry.id !== id)),
    restore: (entry) => put({ ...entry, experiment: toWrite(entry.experiment) }),
    keepOpen: (experiment) => keeper.set(OPEN, toWrite(experiment)),
    async lastOpen() {
      const checked = validateExperiment(asMeant(await keeper.get(OPEN)));
      return checked.ok ? checked.value.experiment : null;
    },
  };
}
