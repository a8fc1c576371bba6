/** What a lesson is: steps, each an experiment with a few words, a question before it is shown, and claims that its runs keep. */
import { at } from './diagnostic.ts';
import type { Experiment } from './experiment/experiment.ts';
import type { Measure } from './program/measure.ts';
import { ownMultipliers, rowsOf } from './run/multipliers.ts';
import type { Chunk, RunStatus } from './run/run.ts';

/** What one run gave, at its records. */
export interface Outcome {
  readonly status: RunStatus;
  readonly steps: readonly number[];
  /** Flat parameters at each recorded step. */
  readonly iterates: readonly (readonly number[])[];
  readonly loss: readonly number[];
  /** Largest violation over the rows. */
  readonly violation: readonly number[];
  /** One a row, in the order typed. */
  readonly multipliers: readonly (readonly number[])[];
  /** The numbers that the text names by `let`. */
  readonly named: Readonly<Record<string, readonly number[]>>;
}

/** The records of one run, from its chunks in their order; multipliers are the method's own where it keeps some. */
export function outcomeOf(
  chunks: readonly Pick<Chunk, 'steps' | 'iterates' | 'states' | 'measures'>[],
  status: RunStatus,
  measure: Pick<Measure, 'relations' | 'typed' | 'named'>,
): Outcome {
  const rows = (array: (chunk: (typeof chunks)[number]) => Float64Array) =>
    chunks.flatMap((chunk) => rowsOf(array(chunk), chunk.steps.length));
  return {
    status,
    steps: chunks.flatMap(({ steps }) => steps),
    iterates: rows(({ iterates }) => iterates),
    loss: chunks.flatMap(({ measures }) => [...measures.loss]),
    violation: chunks.flatMap(({ measures }) => [...measures.violation]),
    multipliers: chunks.flatMap((chunk) =>
      rowsOf(ownMultipliers(chunk, measure) ?? chunk.measures.multipliers, chunk.steps.length),
    ),
    named: Object.fromEntries(
      measure.named.map(({ name }, i) => [name, rows(({ measures }) => measures.named).map((values) => at(values, i))]),
    ),
  };
}

/** Something that the runs of an experiment show, as a number: what it should be, and how exactly. */
export interface Claim {
  /** A sentence for a reader whose experiment does not show it. */
  readonly says: string;
  /** The number, from one outcome a run, in their order. */
  of(runs: readonly Outcome[]): number;
  readonly least: number;
  readonly most: number;
}

type Measurement = Claim['of'];

/** |of − target| ≤ within. Runs on a GPU are in single precision: `within` no smaller than a few 1e-6 of the largest entry. */
export const near = (says: string, of: Measurement, target: number, within: number): Claim => ({
  says,
  of,
  least: target - within,
  most: target + within,
});

export const below = (says: string, of: Measurement, most: number): Claim => ({
  says,
  of,
  least: Number.NEGATIVE_INFINITY,
  most,
});

export const above = (says: string, of: Measurement, least: number): Claim => ({
  says,
  of,
  least,
  most: Number.POSITIVE_INFINITY,
});

/** Position of the record of a step, or of the last one before it; of the last record where no step is named. */
function recordAt({ steps }: Outcome, step: number | undefined): number {
  if (step === undefined) return steps.length - 1;
  return Math.max(
    0,
    steps.findLastIndex((recorded) => recorded <= step),
  );
}

const pick = (runs: readonly Outcome[], run: number): Outcome => at(runs, run);

/** x[entry] of a run, at a step or at its end. */
export const entry =
  (run: number, index: number, step?: number): Measurement =>
  (runs) => {
    const outcome = pick(runs, run);
    return at(at(outcome.iterates, recordAt(outcome, step)), index);
  };

/** ‖x − point‖₂ of a run, at a step or at its end. */
export const distance =
  (run: number, point: readonly number[], step?: number): Measurement =>
  (runs) =>
    Math.hypot(...point.map((target, i) => entry(run, i, step)(runs) - target));

export const loss =
  (run: number, step?: number): Measurement =>
  (runs) => {
    const outcome = pick(runs, run);
    return at(outcome.loss, recordAt(outcome, step));
  };

export const violation =
  (run: number, step?: number): Measurement =>
  (runs) => {
    const outcome = pick(runs, run);
    return at(outcome.violation, recordAt(outcome, step));
  };

/** A number that the text names by `let`, at a step or at the end of a run. */
export const named =
  (run: number, name: string, step?: number): Measurement =>
  (runs) => {
    const outcome = pick(runs, run);
    return at(outcome.named[name] ?? [], recordAt(outcome, step));
  };

/** Multiplier of a row at the end of a run. */
export const multiplier =
  (run: number, row: number, step?: number): Measurement =>
  (runs) => {
    const outcome = pick(runs, run);
    return at(at(outcome.multipliers, recordAt(outcome, step)), row);
  };

/** Whether a claim holds for the outcomes; false where a run that it speaks of, or its record, is not there. */
export function holds(claim: Claim, runs: readonly Outcome[]): boolean {
  const value = measured(claim, runs);
  return value !== null && value >= claim.least && value <= claim.most;
}

/** The number that a claim speaks of; null where a run is not there, has no records, or its problem has fewer entries. */
export function measured(claim: Claim, runs: readonly Outcome[]): number | null {
  try {
    const value = claim.of(runs);
    return Number.isFinite(value) ? value : null;
  } catch {
    return null; // the reader removed a run, or a parameter
  }
}

/** Asked before the runs of a step are shown. */
export type Question =
  | {
      readonly kind: 'choice';
      readonly question: string;
      readonly options: readonly string[];
      /** Position of the right one. */
      readonly answer: number;
      /** Why, in a sentence or two. */
      readonly because: string;
    }
  | {
      readonly kind: 'number';
      readonly question: string;
      /** Taken from the runs of the step. */
      readonly answer: Measurement;
      /** A guess that is as near as this counts as right. */
      readonly within: number;
      readonly because: string;
    }
  | {
      /** Answered by a click in the picture, which shows these two entries, or by two numbers. */
      readonly kind: 'point';
      readonly question: string;
      readonly names: readonly [string, string];
      /** Taken from the runs of the step. */
      readonly answer: readonly [Measurement, Measurement];
      /** A guess at most so far away counts as right. */
      readonly within: number;
      readonly because: string;
    };

/** Something to change in the experiment, which the app checks. */
export interface Task {
  readonly text: string;
  /** Hold for the solution, and not all of them for the step as it is opened. */
  readonly claims: readonly Claim[];
  readonly hint: string;
  /** One way to do it. */
  readonly solution: Experiment;
}

/** At most 60 words; formulas between dollar signs, in LaTeX. */
export interface LessonStep {
  readonly title: string;
  readonly text: string;
  readonly experiment: Experiment;
  readonly ask: Question;
  readonly task: Task;
  /** What the runs of the step show, on every executor. */
  readonly expect: readonly Claim[];
}

export interface Lesson {
  /** Equal to the file's name. */
  readonly id: string;
  /** Place among the lessons, from 1. */
  readonly order: number;
  readonly title: string;
  /** What one learns, in a sentence. */
  readonly summary: string;
  /** Book or paper, with section. */
  readonly source: string;
  /** Two to six. */
  readonly steps: readonly LessonStep[];
}

export const defineLesson = (lesson: Lesson): Lesson => lesson;
