/** The address bar and the store: a link opens its experiment, and the address always holds the open one. */
import type { Listing } from '../../core/contracts.ts';
import { type Diagnostic, type Result, success } from '../../core/diagnostic.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { faultyEntries } from '../../core/experiment/faulty-entries.ts';
import { decodeLink, encodeLink, isLink } from '../../core/experiment/link/codec.ts';
import { lessonHash, type NamedStep, readLessonHash } from '../store/lesson-link.ts';
import { isChanged } from '../store/lesson-slice.ts';
import type { Store, StoreApi } from '../store/store.ts';
import { forgetLateEdits, keepLateEdits, type Tab, takeLateEdits } from './late-edits.ts';

/** Browsers refuse an address that changes often: Safari more than 100 times in 30 s. */
const WRITE_PAUSE_MS = 1000;
const CAPTURE = { capture: true };

type Told = 'hashchange' | 'popstate' | 'pagehide' | 'pointerdown' | 'pointerup' | 'pointercancel';

/** The part of the browser that is needed; a stand-in in tests. */
export interface Browser extends Tab {
  readonly location: Pick<Location, 'hash' | 'href'>;
  readonly history: Pick<History, 'pushState' | 'replaceState'>;
  addEventListener(type: Told, listener: () => void, options?: { readonly capture: boolean }): void;
  removeEventListener(type: Told, listener: () => void, options?: { readonly capture: boolean }): void;
}

export interface Address {
  /** The whole address of the experiment as it is now. It is written into the address bar, too: in a lesson, with the name of the step. */
  share(): Promise<Result<string>>;
  /** Resolves when the link of the address that the page was opened with, if any, is open or refused. */
  readonly opened: Promise<void>;
  /** Whether the page goes on with edits from before a reload, which the address does not hold yet. */
  readonly isResumed: boolean;
  end(): void;
}

/** What an address names. */
interface Open {
  readonly experiment: Experiment;
  readonly step: { readonly id: string; readonly position: number; readonly isChanged: boolean } | null;
}

const openIn = (state: Pick<Store, 'experiment' | 'lesson'>): Open => {
  const { experiment, lesson } = state;
  const step = lesson && { id: lesson.lesson.id, position: lesson.position, isChanged: isChanged(state) };
  return { experiment, step };
};

function hashOf({ step }: Open, link: string): string {
  if (step === null) return link;
  return lessonHash(step.id, step.position, step.isChanged && link !== '' ? link : null);
}

const noLesson = (id: string): readonly Diagnostic[] => [
  {
    severity: 'error',
    message: `There is no lesson “${id}”, or it has fewer steps. The list of lessons is in the header.`,
  },
];

/**
 * Edits replace the entry of the history once they pause, and never while a hand is down; opening an experiment adds one, so that back and forward
 * walk through what was open. A step of a lesson is named, and what the reader made of it stands behind. A link that is bad is reported; what is open
 * stays, and so does the address.
 */
export function followAddress(store: StoreApi, catalog: Listing, browser: Browser = window): Address {
  /** The hash that is in the address bar, as far as this module knows. */
  let known = '';
  /** Whether that is a link that could not be opened: it is kept, in an entry of its own. */
  let isBad = false;
  /** The experiment that the address bar holds. */
  let written: Experiment | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** How many experiments are being packed: the address does not hold them yet. */
  let packing = 0;
  let isHandDown = false;
  /** Counts what the visitor did to the address: an answer that comes later is dropped. */
  let turn = 0;

  const { load, report, refuse } = store.getState();
  const withoutHash = () => browser.location.href.replace(/#.*$/s, '');

  async function read(hash: string, isFirst: boolean): Promise<void> {
    if (hash === known) return; // popstate and hashchange both tell
    known = hash;
    isBad = false;
    cancelWriting();
    turn += 1;
    const lesson = readLessonHash(hash);
    if (lesson) return openStep(lesson, isFirst);
    if (!isLink(hash)) return;
    const asked = turn;
    const decoded = await decodeLink(hash);
    if (asked !== turn) return;
    isBad = !decoded.ok;
    if (!decoded.ok) return refuse(decoded.diagnostics);
    const { experiment, diagnostics } = decoded.value;
    written = experiment;
    load(experiment);
    if (isFirst) store.temporal.getState().clear(); // there is nothing that undo could bring back
    report([...diagnostics, ...faultyEntries(experiment, catalog)]);
  }

  /** `changed`: what the reader made of it; read from the address where it is not handed in. */
  async function openStep({ id, position, link }: NamedStep, isFirst: boolean, changed?: Experiment) {
    const asked = turn;
    const decoded = link === null ? null : await decodeLink(link);
    const lesson = (await store.getState().lessons()).find((one) => one.id === id);
    if (asked !== turn) return;
    const step = lesson?.steps[position];
    if (!step) return refuse(noLesson(id));
    const made = changed ?? (decoded?.ok ? decoded.value.experiment : undefined);
    written = made ?? step.experiment;
    await store.getState().openLesson(id, position, made);
    if (isFirst) store.temporal.getState().clear();
    if (decoded && !changed) report(decoded.ok ? decoded.value.diagnostics : decoded.diagnostics);
  }

  function cancelWriting() {
    clearTimeout(timer);
    timer = undefined;
  }

  async function write(open: Open, how: 'pushState' | 'replaceState'): Promise<Result<string>> {
    cancelWriting();
    const asked = turn;
    packing += 1;
    const encoded = await encodeLink(open.experiment);
    packing -= 1;
    if (asked !== turn) return encoded;
    const link = encoded.ok ? encoded.value : ''; // too large: an older link would open in its place after a reload
    const hash = hashOf(open, link);
    if (hash !== known) {
      browser.history[isBad ? 'pushState' : how](null, '', hash || withoutHash());
      known = hash;
      isBad = false;
    }
    forgetLateEdits(browser);
    return encoded;
  }

  const writeCurrent = () => {
    const state = store.getState();
    written = state.experiment;
    return write({ ...openIn(state), experiment: state.snapshot() }, 'replaceState');
  };

  /** After the last edit: a hand that is down may go on. */
  function writeSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => (isHandDown ? writeSoon() : void writeCurrent()), WRITE_PAUSE_MS);
  }

  /** The entry that is left holds what was open until now; the new one what is open from now on. */
  async function writeOpened(before: Open, after: Open) {
    written = after.experiment;
    const asked = turn;
    if (!isBad) await write(before, 'replaceState');
    if (asked === turn) await write(after, 'pushState');
  }

  /** A page that goes within the pause of an edit, or before that is packed. */
  const leave = () => {
    const state = store.getState();
    const { step } = openIn(state);
    const named = readLessonHash(known);
    const isNamed = step?.id === named?.id && step?.position === named?.position;
    if ((timer !== undefined || packing > 0) && isNamed) keepLateEdits(browser, state.snapshot());
  };
  browser.addEventListener('pagehide', leave);
  const listener = () => void read(browser.location.hash, false);
  browser.addEventListener('hashchange', listener);
  browser.addEventListener('popstate', listener);
  const press = () => {
    isHandDown = true;
  };
  const release = () => {
    isHandDown = false;
  };
  browser.addEventListener('pointerdown', press, CAPTURE);
  browser.addEventListener('pointerup', release, CAPTURE);
  browser.addEventListener('pointercancel', release, CAPTURE);

  const unsubscribe = store.subscribe((state, before) => {
    if (state.experiment === before.experiment || state.experiment === written) return;
    if (state.opened !== before.opened) void writeOpened(openIn(before), openIn(state));
    else writeSoon();
  });

  async function resume(late: Experiment) {
    known = browser.location.hash;
    const lesson = readLessonHash(known);
    if (lesson) await openStep(lesson, true, late);
    else load(late, { isWork: true });
    store.temporal.getState().clear();
    writeSoon();
  }
  const late = takeLateEdits(browser);

  return {
    isResumed: late !== null,
    async share() {
      const encoded = await writeCurrent();
      return encoded.ok ? success(`${withoutHash()}${encoded.value}`) : encoded;
    },
    opened: late ? resume(late) : read(browser.location.hash, true),
    end() {
      turn += 1;
      unsubscribe();
      cancelWriting();
      browser.removeEventListener('pagehide', leave);
      browser.removeEventListener('hashchange', listener);
      browser.removeEventListener('popstate', listener);
      browser.removeEventListener('pointerdown', press, CAPTURE);
      browser.removeEventListener('pointerup', release, CAPTURE);
      browser.removeEventListener('pointercancel', release, CAPTURE);
    },
  };
}
