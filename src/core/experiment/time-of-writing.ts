/** What an experiment says where it is written down and says nothing: the defaults of the time when it was written. */
import type { Experiment, RunJson } from './experiment.ts';
import { isJsonObject, type JsonObject } from './plain-json.ts';

/**
 * Numbers that the first generation meant by a setting left out; the second computes them from the problem. Once released, a
 * generation never changes: links open for ever, and mean the same.
 */
const FIRST: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  admm: { penalty: 1 },
  'augmented-lagrangian': { penalty: 10 },
  'interior-point': { barrier: 1 },
  lagrangian: { dualLearningRate: 0.1, proportional: 1 },
  penalty: { penalty: 10 },
};

/** The generation of defaults that holds now. What is written without one is of the first. */
const GENERATION = 2;

/** What the first generation meant by the settings that a run leaves out. */
function leftOut(method: unknown, settings: unknown): Readonly<Record<string, number>> {
  if (settings !== undefined && !isJsonObject(settings)) return {};
  const meant = typeof method === 'string' && Object.hasOwn(FIRST, method) ? (FIRST[method] ?? {}) : {};
  const matters = (name: string) => name !== 'proportional' || settings?.multiplierRule === 'pi';
  const isMissing = ([name]: [string, number]) => settings?.[name] === undefined && matters(name);
  return Object.fromEntries(Object.entries(meant).filter(isMissing));
}

const isMarked = ({ method, settings }: RunJson): boolean => Object.keys(leftOut(method, settings)).length > 0;

/** As it is written down: marked where it leaves out what an older page would read as a number. */
export const toWrite = (experiment: Experiment): Experiment & { readonly defaults?: number } =>
  experiment.runs?.some(isMarked) ? { ...experiment, defaults: GENERATION } : experiment;

/** What was written down, of any generation, as it is meant now. What is no experiment stays as it is. */
export function asMeant(written: unknown): unknown {
  if (!isJsonObject(written) || written.defaults === GENERATION || !Array.isArray(written.runs)) return written;
  return { ...written, runs: written.runs.map(withFirstDefaults) };
}

/** Without the mark of this generation. */
export function unmarked({ defaults, ...experiment }: JsonObject): JsonObject {
  return defaults === undefined || defaults === GENERATION ? experiment : { ...experiment, defaults };
}

function withFirstDefaults(run: unknown): unknown {
  if (!isJsonObject(run)) return run;
  const { method, settings } = run;
  const meant = leftOut(method, settings);
  return Object.keys(meant).length > 0 ? { ...run, settings: { ...(settings as object | undefined), ...meant } } : run;
}
