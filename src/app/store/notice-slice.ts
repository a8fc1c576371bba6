/** What the page has to say about something that was to be opened or kept: a bad link or file, fields that nobody knows, no room. */
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Slice } from './store.ts';

export interface NoticeSlice {
  /** Of what was opened last, or could not be. */
  readonly notices: readonly Diagnostic[];
  /** Whether that could not be opened, so that what was open before still is. */
  readonly isRefused: boolean;
  /** Of what is open now: replaces the notices; an empty list takes them away. */
  report(notices: readonly Diagnostic[]): void;
  /** Of what could not be opened. */
  refuse(notices: readonly Diagnostic[]): void;
  /** Takes the newer version of the page that is ready; null while there is none, or the reader does not want it now. */
  readonly takeUpdate: (() => void) | null;
  offerUpdate(take: (() => void) | null): void;
  /** Whether the browser refuses to keep the open work for the next visit, and the reader was not told yet. */
  readonly isUnkept: boolean;
  tellUnkept(isUnkept: boolean): void;
}

export const createNoticeSlice: Slice<NoticeSlice> = (set) => ({
  notices: [],
  isRefused: false,
  report: (notices) => set({ notices, isRefused: false }),
  refuse: (notices) => set({ notices, isRefused: true }),
  takeUpdate: null,
  offerUpdate: (takeUpdate) => set({ takeUpdate }),
  isUnkept: false,
  tellUnkept: (isUnkept) => set({ isUnkept }),
});
