/** The reader's own experiments, what may be done with them, and what was done last. */
import { useCallback, useEffect, useState } from 'react';
import type { SavedExperiment } from '../../library/library.ts';
import { useLibrary } from '../../library/use-library.ts';
import { useStoreApi } from '../../store/use-store.ts';

const UNTITLED = 'Untitled experiment';

/** “A copy”, “A copy 2”: an entry of the same name would be replaced. */
function nameOfCopy(name: string, entries: readonly SavedExperiment[]): string {
  const wanted = (k: number) => `${name} copy${k > 1 ? ` ${k}` : ''}`;
  let k = 1;
  while (entries.some((entry) => entry.name === wanted(k))) k += 1;
  return wanted(k);
}

const NOTHING_STORED = 'This browser does not let the page keep anything. Save the experiment as a file instead.';

/** What was done, and how it is taken back. */
export interface Change {
  readonly what: string;
  takeBack(): Promise<void>;
}

/** Whatever is done, the lists are then read anew; where it could not be stored, `fault` says so. */
export function useOwnExperiments() {
  const library = useLibrary();
  const store = useStoreApi();
  const [entries, setEntries] = useState<readonly SavedExperiment[]>([]);
  const [elsewhere, setElsewhere] = useState<readonly SavedExperiment[]>([]);
  const [change, setChange] = useState<Change | null>(null);
  const [fault, setFault] = useState('');
  const refresh = useCallback(async () => {
    const open = (work: SavedExperiment) => ({ ...work, name: work.name || UNTITLED });
    setEntries(await library.list().catch(() => []));
    setElsewhere((await library.openElsewhere().catch(() => [])).map(open));
  }, [library]);
  useEffect(() => void refresh(), [refresh]);

  /** Whether it was stored. */
  const attempt = async (done: Promise<unknown>): Promise<boolean> => {
    setFault('');
    const isStored = await done.then(
      () => true,
      () => false,
    );
    if (!isStored) setFault(NOTHING_STORED);
    await refresh();
    return isStored;
  };
  const save = async (name: string) => {
    const { snapshot, markKept } = store.getState();
    if (await attempt(library.save(name.trim() || UNTITLED, snapshot()))) markKept();
  };
  const duplicate = ({ name, experiment }: SavedExperiment) =>
    attempt(library.save(nameOfCopy(name, entries), experiment));
  const forget = ({ id }: SavedExperiment) => attempt(library.forgetOpen(id));
  const remove = async (entry: SavedExperiment) => {
    await attempt(library.remove(entry.id));
    const takeBack = async () => {
      await attempt(library.restore(entry));
      setChange(null);
    };
    setChange({ what: `“${entry.name}” is removed.`, takeBack });
  };
  const rename = async (id: string, from: string, to: string): Promise<void> => {
    if (from === to) return;
    setChange(null);
    const isFree = library.rename(id, to);
    if (!(await attempt(isFree))) return;
    if (await isFree) setChange({ what: `“${from}” is called “${to}” now.`, takeBack: () => rename(id, to, from) });
    else setFault(`There is another “${to}” already.`);
  };
  return { entries, elsewhere, fault, change, save, duplicate, rename, remove, forget };
}
