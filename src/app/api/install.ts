/** Puts `window.feasible` on the page and ties the address to the store; in a frame, answers the page around it. Called once, by main.tsx. */
import type { Catalog } from '../../core/contracts.ts';
import type { StoreApi } from '../store/store.ts';
import { type Address, type Browser, followAddress } from './address.ts';
import type { EmbedOptions } from './embed-options.ts';
import { createFeasible } from './feasible.ts';
import { answerMessages, parentOrigin } from './messages.ts';

/** A frame reads its address, and never writes it: its history is that of the page around it. */
const withoutWriting = (browser: Browser): Browser => ({
  location: browser.location,
  history: { pushState: () => undefined, replaceState: () => undefined },
  addEventListener: (type, listener) => browser.addEventListener(type, listener),
  removeEventListener: (type, listener) => browser.removeEventListener(type, listener),
});

export function installFeasible(store: StoreApi, catalog: Catalog, embed: EmbedOptions | null): Address {
  const feasible = Object.freeze(createFeasible(store, catalog));
  window.feasible = feasible;
  if (!embed) return followAddress(store, catalog);
  const address = followAddress(store, catalog, withoutWriting(window));
  if (window.parent !== window)
    void address.opened.then(() => answerMessages(feasible, window, embed.origin ?? parentOrigin(window)));
  return address;
}
