/** What the browser keeps from visit to visit. A frame without an origin has nothing: there every call rejects, and none throws. */
import * as indexed from 'idb-keyval';
import type { Shelf } from './library/library.ts';

export const storage: Shelf = {
  get: async (key) => indexed.get(key),
  set: async (key, value) => indexed.set(key, value),
  keys: async () => (await indexed.keys()).map(String),
  remove: async (key) => indexed.del(key),
  change: async (key, edit) => indexed.update(key, edit),
};
