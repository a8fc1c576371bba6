/** Anything from outside (a link, a file, a program) becomes an experiment, or a list of what is wrong with it. */
import { type Diagnostic, failure, type Result, success } from '../diagnostic.ts';
import type { Experiment } from './experiment.ts';
import { MAX_FAULTS } from './limits.ts';
import { migrate } from './migrate.ts';
import { copyJson, isJsonObject } from './plain-json.ts';
import { schemas } from './schema.ts';
import { unmarked } from './time-of-writing.ts';

export interface Validated {
  readonly experiment: Experiment;
  /** Warnings: fields that this version does not know. They are kept. */
  readonly diagnostics: readonly Diagnostic[];
}

export function validateExperiment(value: unknown): Result<Validated> {
  const copied = copyJson(value);
  if (!copied.ok) return copied;
  const current = migrate(copied.value.value);
  if (!current.ok) return current;
  const given = unmarked(current.value);
  const checked = schemas.experiment.safeParse(given);
  if (!checked.success) {
    const faults = checked.error.issues.slice(0, MAX_FAULTS).map((issue): Diagnostic => {
      const message = `${pathText(issue.path)} ${issue.message}${foundText(given, issue.path)}.`;
      return { severity: 'error', message };
    });
    return failure(...faults);
  }
  return success({
    experiment: given as unknown as Experiment, // what the schema has just checked; unknown fields included
    diagnostics: [...copied.value.diagnostics, ...unknownFields(given)].slice(0, MAX_FAULTS),
  });
}

/** One warning for each field that no schema names. */
function unknownFields(experiment: { readonly [field: string]: unknown }): Diagnostic[] {
  const runs = Array.isArray(experiment.runs) ? experiment.runs : [];
  const places: [path: string, value: unknown, known: object][] = [
    ['', experiment, schemas.experiment.shape],
    ...runs.map((run, i): [string, unknown, object] => [`runs[${i}].`, run, schemas.run.shape]),
    ['swarm.', experiment.swarm, schemas.swarm.shape],
    ['view.', experiment.view, schemas.view.shape],
  ];
  return places.flatMap(([path, value, known]) =>
    Object.keys(isJsonObject(value) ? value : {})
      .filter((field) => !Object.hasOwn(known, field))
      .map((field): Diagnostic => {
        const message = `The field ${path}${field} is not known to this version. It is kept, and the rest works.`;
        return { severity: 'warning', message };
      }),
  );
}

/** `swarm.size`, `data.a`; of a run as the page counts them: `Run 1: steps`. */
function pathText(path: readonly PropertyKey[]): string {
  const [list, i, ...rest] = path;
  if (list === 'runs' && typeof i === 'number' && rest.length > 0) return `Run ${i + 1}: ${pathText(rest)}`;
  const written = path.reduce<string>((before, key) => {
    if (typeof key === 'number') return `${before}[${key}]`;
    return before === '' ? String(key) : `${before}.${String(key)}`;
  }, '');
  return written || 'The experiment';
}

/** What stands at the path, where it is short enough to say. */
function foundText(value: unknown, path: readonly PropertyKey[]): string {
  let found: unknown = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return '; it is missing';
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  if (typeof found === 'string' && found.length > 60)
    return `; it has ${found.length.toLocaleString('en-US')} characters`;
  const written = JSON.stringify(found) ?? '';
  return written.length <= 80 ? `; found ${written}` : '';
}
