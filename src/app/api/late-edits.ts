/** Edits that came too late for the address bar: a reload finds them in this tab, and no other page does. */
import type { Experiment } from '../../core/experiment/experiment.ts';
import { readExperiment, writeExperiment } from '../../core/experiment/link/file.ts';

const KEY = 'feasible.late-edits';

/** The part of the browser that is needed. Frames without an origin refuse the storage: then there are no late edits. */
export interface Tab {
  readonly location: Pick<Location, 'hash'>;
  readonly sessionStorage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
}

/** Under the address as it is: another link that is opened in this tab says otherwise. */
export function keepLateEdits(tab: Tab, experiment: Experiment): void {
  try {
    const { hash } = tab.location;
    tab.sessionStorage.setItem(KEY, JSON.stringify({ hash, text: writeExperiment(experiment) }));
  } catch {
    // Full or refused: what the address holds opens.
  }
}

export function forgetLateEdits(tab: Tab): void {
  try {
    tab.sessionStorage.removeItem(KEY);
  } catch {
    // Refused: there is nothing to forget.
  }
}

/** What was kept under this address, once. */
export function takeLateEdits(tab: Tab): Experiment | null {
  try {
    const kept: unknown = JSON.parse(tab.sessionStorage.getItem(KEY) ?? 'null');
    if (!isKept(kept) || kept.hash !== tab.location.hash) return null;
    const read = readExperiment(kept.text);
    return read.ok ? read.value.experiment : null;
  } catch {
    return null;
  } finally {
    forgetLateEdits(tab);
  }
}

const isKept = (value: unknown): value is { readonly hash: string; readonly text: string } =>
  typeof value === 'object' && value !== null && 'hash' in value && 'text' in value && typeof value.text === 'string';
