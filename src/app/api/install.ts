/** The page's API over its store, tied to the address; in a frame, it answers the page around it. Called once, by workshop.tsx. */
import type { Listing } from '../../core/contracts.ts';
import type { StoreApi } from '../store/store.ts';
import { type Address, type Browser, followAddress } from './address.ts';
import type { EmbedOptions } from './embed-options.ts';
import { createFeasible } from './feasible.ts';
import { answerMessages, parentOrigin } from './messages.ts';
import type { Feasible } from './types.ts';

/** A frame reads its address, and never writes it, nor keeps anything: its history is that of the page around it. */
const withoutWriting = (browser: Browser): Browser => ({
  location: browser.location,
  history: { pushState: () => undefined, replaceState: () => undefined },
  sessionStorage: { getItem: () => null, setItem: () => undefined, removeItem: () => undefined },
  addEventListener: (...told) => browser.addEventListener(...told),
  removeEventListener: (...told) => browser.removeEventListener(...told),
});

export function connectFeasible(
  store: StoreApi,
  catalog: Listing,
  embed: EmbedOptions | null,
): { readonly feasible: Feasible; readonly address: Address } {
  const feasible = createFeasible(store, catalog);
  if (!embed) return { feasible, address: followAddress(store, catalog) };
  const address = followAddress(store, catalog, withoutWriting(window));
  if (window.parent !== window)
    void address.opened.then(() => answerMessages(feasible, window, embed.origin ?? parentOrigin(window)));
  return { feasible, address };
}
