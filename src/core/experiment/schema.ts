/** The form of an experiment, checked field by field. Unknown fields are kept; known ones must be right. */
import * as z from 'zod/mini';
import {
  counted,
  MAX_COLUMNS,
  MAX_DATA_SETS,
  MAX_LABEL,
  MAX_NAME,
  MAX_NOTES,
  MAX_PROBLEM,
  MAX_RECORDS,
  MAX_RESULT_ENTRIES,
  MAX_RESULTS,
  MAX_RUNS,
  MAX_START,
  MAX_SWARM_AXES,
  MAX_SWARM_STARTS,
  MAX_TITLE,
  MAX_VIEW_NAMES,
  SEED_RANGE,
  SPEED_RANGE,
  STEPS_RANGE,
} from './limits.ts';

z.config({ jitless: true }); // compiles no code: the page's policy forbids it

// Messages complete the sentence "runs[0].steps …".

const text = (most: number) => {
  const message = `must be a text of at most ${counted(most)} characters`;
  return z.string(message).check(z.maxLength(most, message));
};

const numberIn = ([least, most]: readonly [number, number]) => {
  const message = `must be a number from ${counted(least)} to ${counted(most)}`;
  return z.number(message).check(z.gte(least, message), z.lte(most, message));
};

const whole = ([least, most]: readonly [number, number]) => {
  const message = `must be a whole number from ${counted(least)} to ${counted(most)}`;
  const isWhole = z.refine<number>((value) => Number.isSafeInteger(value), message);
  return z.number(message).check(z.gte(least, message), z.lte(most, message), isWhole);
};

const listOf = <Entry extends z.ZodMiniType>(entry: Entry, most: number, what: string) => {
  const message = `must be a list of at most ${counted(most)} ${what}`;
  return z.array(entry, message).check(z.maxLength(most, message));
};

/** One of a list that a later version may lengthen: another name is kept, and `validate.ts` says that nobody knows it. */
const choice = text(MAX_NAME);

const finite = z.number('must be a number');
const flag = z.boolean('must be true or false');
const anyNamed = z.record(z.string(), z.unknown(), 'must be an object');

const RECORD_MESSAGE = `must be "auto" or a list of at most ${counted(MAX_RECORDS)} steps`;
const steps = whole(STEPS_RANGE);
const record = z.union(
  [z.literal('auto'), z.array(whole([0, STEPS_RANGE[1]])).check(z.maxLength(MAX_RECORDS, RECORD_MESSAGE))],
  RECORD_MESSAGE,
);

/** Names and hexadecimal only: a colour goes into styles. */
const color = z
  .string('must be a colour')
  .check(z.regex(/^(#[0-9a-fA-F]{3,8}|[a-zA-Z]{1,40})$/, 'must be a colour such as "#1f77b4" or "teal"'));

const optimizer = z.looseObject({ kind: z.optional(text(MAX_NAME)) }, 'must be an object such as { "kind": "adam" }');

const run = z.looseObject(
  {
    method: text(MAX_NAME),
    settings: z.optional(anyNamed),
    optimizer: z.optional(optimizer),
    steps: z.optional(steps),
    record: z.optional(record),
    start: z.optional(listOf(finite, MAX_START, 'numbers')),
    label: z.optional(text(MAX_LABEL)),
    color: z.optional(color),
    visible: z.optional(flag),
  },
  'must be an object such as { "method": "projected-gradient" }',
);

const swarmAxis = z.looseObject({
  axis: text(MAX_NAME),
  from: finite,
  to: finite,
  scale: z.optional(choice),
});

const starts = whole([1, MAX_SWARM_STARTS]);
const SIZE_MESSAGE = `must be a number of starts or a pair such as [400, 400], at most ${counted(MAX_SWARM_STARTS)} in all`;
const swarm = z.looseObject(
  {
    run: z.optional(whole([0, MAX_RUNS - 1])),
    sample: z.optional(choice),
    size: z.optional(
      z.union(
        [
          starts,
          z
            .tuple([starts, starts])
            .check(z.refine(([width, height]) => width * height <= MAX_SWARM_STARTS, SIZE_MESSAGE)),
        ],
        SIZE_MESSAGE,
      ),
    ),
    steps: z.optional(steps),
    over: z.optional(listOf(swarmAxis, MAX_SWARM_AXES, 'axes')),
  },
  'must be an object',
);

const table = z.looseObject({
  columns: listOf(text(MAX_NAME), MAX_COLUMNS, 'names'),
  rows: z.array(z.array(finite)),
});
const namedData = z.looseObject({ sha256: text(64), name: text(MAX_NAME) });
/** A table that is only named has no rows here. */
const isEven = ({ columns, rows }: { readonly [field: string]: unknown }): boolean => {
  return (
    !Array.isArray(columns) ||
    !Array.isArray(rows) ||
    rows.every((row) => Array.isArray(row) && row.length === columns.length)
  );
};
const tableOrName = z
  .union([table, namedData], 'must be { "columns", "rows" } with rows of numbers, or { "sha256", "name" }')
  .check(z.refine(isEven, 'must have rows that are all as long as "columns"'));
const data = z
  .record(z.string(), tableOrName, 'must be an object of data sets by name')
  .check(z.refine((sets) => Object.keys(sets).length <= MAX_DATA_SETS, `must hold at most ${MAX_DATA_SETS} data sets`));

const result = z.looseObject({
  executor: text(MAX_NAME),
  adapter: text(MAX_NAME),
  loss: finite,
  violation: finite,
  x: listOf(finite, MAX_RESULT_ENTRIES, 'numbers'),
});

const names = listOf(text(MAX_NAME), MAX_VIEW_NAMES, 'names');
const slice = z.looseObject({ along: z.optional(choice), seed: z.optional(whole(SEED_RANGE)) }, 'must be an object');
const view = z.looseObject(
  {
    kind: z.optional(choice),
    axes: z.optional(names),
    slice: z.optional(slice),
    camera: z.optional(z.unknown()),
    playhead: z.optional(numberIn([0, STEPS_RANGE[1]])),
    speed: z.optional(numberIn(SPEED_RANGE)),
    loop: z.optional(flag),
    logTime: z.optional(flag),
    sameCost: z.optional(flag),
    charts: z.optional(names),
    hide: z.optional(names),
  },
  'must be an object',
);

const experiment = z.looseObject({
  version: z.literal(1),
  title: z.optional(text(MAX_TITLE)),
  notes: z.optional(text(MAX_NOTES)),
  problem: text(MAX_PROBLEM),
  seed: z.optional(whole(SEED_RANGE)),
  runs: z.optional(listOf(run, MAX_RUNS, 'runs')),
  swarm: z.optional(swarm),
  data: z.optional(data),
  results: z.optional(listOf(result, MAX_RESULTS, 'results')),
  view: z.optional(view),
});

export const schemas = { experiment, run, swarm, swarmAxis, view, slice };
