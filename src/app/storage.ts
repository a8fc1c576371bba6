/** What the browser keeps from visit to visit. A frame without an origin has nothing: there every call rejects, and none throws. */
import * as indexed from 'idb-keyval';
import type { Keeper } from './library/library.ts';

export const storage: Keeper = {
  get: async (key) => indexed.get(key),
  set: async (key, value) => indexed.set(key, value),
};
