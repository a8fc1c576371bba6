/** The reader's own experiments, kept in the browser: named, and the one that is open. Nothing leaves the machine. */
import type { Experiment } from '../../core/experiment/experiment.ts';
import { asMeant, toWrite } from '../../core/experiment/time-of-writing.ts';
import { validateExperiment } from '../../core/experiment/validate.ts';
import type { OwnTab } from './own-tab.ts';

/** What keeps values by name: IndexedDB in the page, a map in tests. */
export interface Keeper {
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown): Promise<void>;
}

/** One that can be looked through. */
export interface Shelf extends Keeper {
  keys(): Promise<readonly string[]>;
  remove(key: string): Promise<void>;
  /** Puts what `edit` makes of a value in its place; no other tab writes in between. */
  change(key: string, edit: (value: unknown) => unknown): Promise<void>;
}

export interface SavedExperiment {
  readonly id: string;
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  readonly experiment: Experiment;
}

const LIST = 'feasible.library';
/** Each tab keeps its own work: under this, a slash and its name. Without them stands what an older page kept. */
const OPEN = 'feasible.open';
/** A list that is longer loses what was kept longest ago. */
export const MOST_KEPT = 200;
const MOST_LEFT_OPEN = 20;

export interface Library {
  /** The newest first. Entries that cannot be read are left where they are, and not listed. */
  list(): Promise<readonly SavedExperiment[]>;
  /** Keeps an experiment under a name; the same name is replaced. Rejects where nothing can be stored. */
  save(name: string, experiment: Experiment): Promise<void>;
  remove(id: string): Promise<void>;
  /** Another name for what is kept; where another entry has that name, false, and nothing changes. */
  rename(id: string, name: string): Promise<boolean>;
  /** Puts back what was removed. */
  restore(entry: SavedExperiment): Promise<void>;
  /** The work that is open in this tab, for the next visit. */
  keepOpen(experiment: Experiment): Promise<void>;
  /** What was open in any tab last; where that tab is closed, this one goes on in its place. */
  lastOpen(): Promise<Experiment | null>;
  /** What is open in other tabs, or was when they were closed; the newest first. */
  openElsewhere(): Promise<readonly SavedExperiment[]>;
  forgetOpen(id: string): Promise<void>;
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

/** What was kept longest ago. */
export const oldestOf = (entries: readonly SavedExperiment[]): SavedExperiment | undefined =>
  entries.reduce<SavedExperiment | undefined>(
    (oldest, entry) => (oldest && oldest.savedAt <= entry.savedAt ? oldest : entry),
    undefined,
  );

const tabOf = (key: string): string => key.slice(OPEN.length + 1);
const keyOf = (tab: string): string => (tab === '' ? OPEN : `${OPEN}/${tab}`);

/** Work of a tab as it was kept; an older page kept the experiment alone. */
function workIn(kept: unknown): { readonly at: number; readonly experiment: Experiment } | null {
  const isDated = typeof kept === 'object' && kept !== null && 'at' in kept && 'experiment' in kept;
  const checked = validateExperiment(asMeant(isDated ? kept.experiment : kept));
  const at = isDated && typeof kept.at === 'number' ? kept.at : 0;
  return checked.ok ? { at, experiment: checked.value.experiment } : null;
}

export function createLibrary(keeper: Shelf, now: () => number, tab: OwnTab): Library {
  async function everyOpen(): Promise<readonly SavedExperiment[]> {
    const keys = (await keeper.keys()).filter((key) => key === OPEN || key.startsWith(`${OPEN}/`));
    const found = await Promise.all(keys.map(async (id) => ({ id, work: workIn(await keeper.get(id)) })));
    return found
      .flatMap(({ id, work }) =>
        work ? { id, name: work.experiment.title ?? '', savedAt: work.at, experiment: work.experiment } : [],
      )
      .sort((a, b) => b.savedAt - a.savedAt);
  }
  const entriesIn = (kept: unknown): readonly unknown[] => (Array.isArray(kept) ? kept : []);
  const change = (edit: (entries: readonly unknown[]) => readonly unknown[]) =>
    keeper.change(LIST, (kept) => edit(entriesIn(kept)));
  const put = (entry: SavedExperiment) =>
    change((entries) => {
      const others = entries.filter((other) => !isSaved(other) || (other.id !== entry.id && other.name !== entry.name));
      const oldest = others.length < MOST_KEPT ? undefined : oldestOf(others.filter(isSaved));
      return [entry, ...others.filter((other) => other !== oldest)];
    });
  return {
    async list() {
      const saved = entriesIn(await keeper.get(LIST))
        .filter(isSaved)
        .sort((a, b) => b.savedAt - a.savedAt);
      return saved.map((entry) => ({ ...entry, experiment: asMeant(entry.experiment) as Experiment }));
    },
    save: (name, experiment) => put({ id: `${now()} ${name}`, name, savedAt: now(), experiment: toWrite(experiment) }),
    remove: (id) => change((entries) => entries.filter((entry) => !isSaved(entry) || entry.id !== id)),
    async rename(id, name) {
      let isFree = true;
      await change((entries) => {
        isFree = !entries.some((entry) => isSaved(entry) && entry.id !== id && entry.name === name);
        return isFree
          ? entries.map((entry) => (isSaved(entry) && entry.id === id ? { ...entry, name } : entry))
          : entries;
      });
      return isFree;
    },
    restore: (entry) => put({ ...entry, experiment: toWrite(entry.experiment) }),
    keepOpen: async (experiment) => keeper.set(keyOf(await tab.name()), { at: now(), experiment: toWrite(experiment) }),
    async lastOpen() {
      const [last, ...others] = await everyOpen();
      await Promise.all(others.slice(MOST_LEFT_OPEN).map(({ id }) => keeper.remove(id)));
      if (last) await tab.takeOver(tabOf(last.id));
      return last?.experiment ?? null;
    },
    async openElsewhere() {
      const own = keyOf(await tab.name());
      return (await everyOpen()).filter(({ id }) => id !== own);
    },
    forgetOpen: (id) => keeper.remove(id),
  };
}
