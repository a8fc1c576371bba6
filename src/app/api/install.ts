/** Puts `window.feasible` on the page and ties the address to the store. Called once, by main.tsx. */
import type { Catalog } from '../../core/contracts.ts';
import type { StoreApi } from '../store/store.ts';
import { type Address, followAddress } from './address.ts';
import { createFeasible } from './feasible.ts';

export function installFeasible(store: StoreApi, catalog: Catalog): Address {
  window.feasible = Object.freeze(createFeasible(store, catalog));
  return followAddress(store, catalog);
}
