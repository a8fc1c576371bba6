/** Experiments of older versions become this version's; those of newer versions are recognised. */
import { fault, type Result, success } from '../diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from './plain-json.ts';

export const CURRENT_VERSION = 1;

/** `MIGRATIONS[v]` turns version v into v + 1. An entry, once released, never changes: links open for ever. */
const MIGRATIONS: Readonly<Record<number, (experiment: JsonObject) => JsonObject>> = {};

export const newerVersion = (version: number): string =>
  `This experiment was made by a newer version of Feasible (format ${version}; this page knows up to ${CURRENT_VERSION}). Reload the page to get the newest version.`;

export function migrate(value: Json): Result<JsonObject> {
  if (!isJsonObject(value)) return fault('An experiment is an object: { "version": 1, "problem": "…" }.');
  const { version } = value;
  if (version === undefined) return fault('The field "version" is missing: { "version": 1, "problem": "…" }.');
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    return fault(`The field "version" must be ${CURRENT_VERSION}.`);
  }
  if (version > CURRENT_VERSION) return fault(newerVersion(version));
  let migrated = value;
  for (let from = version; from < CURRENT_VERSION; from++) migrated = MIGRATIONS[from]?.(migrated) ?? migrated;
  return success(migrated);
}
