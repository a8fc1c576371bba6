/** Anything from outside (a link, a file, a program) becomes an experiment, or a list of what is wrong with it. */
import { type Diagnostic, failure, type Result, success } from '../diagnostic.ts';
import { withOptimizerKinds } from './defaults.ts';
import {
  CHART_AGAINST,
  CHART_OF_NAME,
  CHARTS,
  type Experiment,
  HIDDEN_FORCES,
  HIDEABLE,
  SAMPLES,
  SCALES,
  SLICES_ALONG,
  VIEW_KINDS,
} from './experiment.ts';
import { MAX_FAULTS } from './limits.ts';
import { migrate } from './migrate.ts';
import { copyJson, isJsonObject } from './plain-json.ts';
import { schemas } from './schema.ts';
import { unmarked } from './time-of-writing.ts';

export interface Validated {
  readonly experiment: Experiment;
  /** Warnings: fields and choices that this version does not know. They are kept. */
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
    experiment: withOptimizerKinds(given as unknown as Experiment), // what the schema has just checked; unknown fields included
    diagnostics: [...copied.value.diagnostics, ...unknownFields(given), ...unknownChoices(given)].slice(0, MAX_FAULTS),
  });
}

const fieldOf = (value: unknown, field: string): unknown => (isJsonObject(value) ? value[field] : undefined);
const listIn = (value: unknown, field: string): readonly unknown[] => {
  const list = fieldOf(value, field);
  return Array.isArray(list) ? list : [];
};

const kept = (what: string): Diagnostic => ({
  severity: 'warning',
  message: `${what} is not known to this version. It is kept, and the rest works.`,
});

/** One warning for each field that no schema names. */
function unknownFields(experiment: { readonly [field: string]: unknown }): Diagnostic[] {
  const places: [path: string, value: unknown, known: object][] = [
    ['', experiment, schemas.experiment.shape],
    ...listIn(experiment, 'runs').map((run, i): [string, unknown, object] => [`runs[${i}].`, run, schemas.run.shape]),
    ['swarm.', experiment.swarm, schemas.swarm.shape],
    ...axesOf(experiment).map(([path, axis]): [string, unknown, object] => [`${path}.`, axis, schemas.swarmAxis.shape]),
    ['view.', experiment.view, schemas.view.shape],
    ['view.slice.', fieldOf(experiment.view, 'slice'), schemas.slice.shape],
  ];
  return places.flatMap(([path, value, known]) =>
    Object.keys(isJsonObject(value) ? value : {})
      .filter((field) => !Object.hasOwn(known, field))
      .map((field) => kept(`The field ${path}${field}`)),
  );
}

type Choice = readonly [path: string, value: unknown, known: readonly string[]];

const namesIn = (view: unknown, field: string, known: readonly string[]): Choice[] =>
  listIn(view, field).map((name) => [`view.${field}`, name, known]);

/** Of a chart, what stands upwards and what across; a name of the text is nothing that a version knows. */
const halves = ([path, chart, known]: Choice): Choice[] =>
  typeof chart === 'string'
    ? chart
        .split(CHART_AGAINST)
        .filter((half) => !half.startsWith(CHART_OF_NAME))
        .map((half) => [path, half, known])
    : [];

/** One warning for each choice that is in no list: such a view, say, is seen as the page would choose. */
function unknownChoices(experiment: { readonly [field: string]: unknown }): Diagnostic[] {
  const { view, swarm } = experiment;
  const choices: Choice[] = [
    ['view.kind', fieldOf(view, 'kind'), VIEW_KINDS],
    ['view.slice.along', fieldOf(fieldOf(view, 'slice'), 'along'), SLICES_ALONG],
    ...namesIn(view, 'charts', CHARTS).flatMap(halves),
    ...namesIn(view, 'hide', [...HIDEABLE, HIDDEN_FORCES]),
    ['swarm.sample', fieldOf(swarm, 'sample'), SAMPLES],
    ...axesOf(experiment).map(([path, axis]): Choice => [`${path}.scale`, fieldOf(axis, 'scale'), SCALES]),
  ];
  return choices.flatMap(([path, value, known]) =>
    typeof value === 'string' && !known.includes(value) ? [kept(`“${value}” in ${path}`)] : [],
  );
}

const axesOf = ({ swarm }: { readonly [field: string]: unknown }): [path: string, axis: unknown][] =>
  listIn(swarm, 'over').map((axis, i) => [`swarm.over[${i}]`, axis]);

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
