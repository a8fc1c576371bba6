/** How far a run is from the reference values, and how far it may be. Test support. */
import { at } from '../diagnostic.ts';
import type { ReferenceCase, ReferenceProblem, ReferenceRecord } from './trajectories.ts';

/** What is compared of a run; `RunResult` of the page's API fits. */
export interface RecordedRun {
  readonly steps: readonly number[];
  readonly iterates: readonly (readonly number[])[];
  readonly loss: readonly number[];
  readonly states?: Readonly<Record<string, readonly (readonly number[])[]>> | undefined;
  /** In the order of the typed rows. */
  readonly multipliers?: readonly (readonly number[])[] | undefined;
  readonly multipliersFrom?: 'method' | 'least-squares' | undefined;
}

/** A quantity that is too far away at one recorded step. */
export interface Disagreement {
  readonly step: number;
  readonly what: 'steps' | 'x' | 'f' | 'theta' | 'lambda' | 'mu' | 'rho' | 'multipliers' | 'A x - b';
  readonly difference: number;
  readonly allowed: number;
}

/** Allowed relative difference: of the file in Float64; in float32 wider where the loss is transcendental. */
function toleranceOf(
  problem: ReferenceProblem,
  { method, tolerance, params }: ReferenceCase,
  precision: 'f64' | 'f32',
): number {
  if (precision === 'f64') return tolerance.f64;
  const isTranscendental =
    [problem.loss, ...problem.constraints.map(({ text }) => text)].some((text) =>
      /\b(exp|log|sin|cos|tan|tanh|sqrt)\b/.test(text),
    ) ||
    method === 'mirror_descent' ||
    (method === 'reparam' && !['square', 'tie'].includes(String(params?.map)));
  return isTranscendental ? Math.max(1e-4, 10 * tolerance.f32) : tolerance.f32;
}

/** abs(a − b) ≤ tolerance · max(1, max abs(b)) for x, f, θ, ρ and the multipliers, at every record. */
export function disagreements(
  problem: ReferenceProblem,
  referenceCase: ReferenceCase,
  run: RecordedRun,
  precision: 'f64' | 'f32',
): Disagreement[] {
  const tolerance = toleranceOf(problem, referenceCase, precision);
  const found: Disagreement[] = [];
  const compare = (
    step: number,
    what: Disagreement['what'],
    actual: readonly number[] | undefined,
    wanted: readonly number[],
  ) => {
    const allowed = tolerance * Math.max(1, maxAbs(wanted));
    const difference =
      actual?.length === wanted.length ? maxAbs(wanted.map((value, i) => value - at(actual, i))) : Number.NaN;
    if (!(difference <= allowed)) found.push({ step, what, difference, allowed });
  };
  const trained = run.states?.theta ?? run.states?.v;
  for (const record of referenceCase.records) {
    const index = run.steps.indexOf(record.t);
    if (index < 0) {
      found.push({ step: record.t, what: 'steps', difference: Number.NaN, allowed: 0 });
      continue;
    }
    compare(record.t, 'x', run.iterates[index], record.x);
    compare(record.t, 'f', run.loss.slice(index, index + 1), [record.f]);
    if (record.theta && trained) compare(record.t, 'theta', trained[index], record.theta);
    for (const name of ['lambda', 'mu'] as const) {
      const [wanted, actual] = [record[name], run.states?.[name]];
      if (wanted && actual) compare(record.t, name, actual[index], wanted);
    }
    if (record.rho !== undefined && run.states?.rho) compare(record.t, 'rho', run.states.rho[index], [record.rho]);
    if (record.lambda && run.multipliersFrom === 'method') {
      compare(record.t, 'multipliers', run.multipliers?.[index], typedOrder(problem, record));
    }
  }
  return found;
}

/** λ of the equalities and μ of the inequalities, in the order of the typed rows. */
function typedOrder(problem: ReferenceProblem, { lambda = [], mu = [] }: ReferenceRecord): number[] {
  const equalities = lambda[Symbol.iterator]();
  const inequalities = mu[Symbol.iterator]();
  return problem.constraints.map(({ type }) => {
    const { value } = type === 'eq' ? equalities.next() : inequalities.next();
    return value ?? Number.NaN;
  });
}

/**
 * Affine equalities after a step that keeps them by construction: ‖A x − b‖∞ ≤ 2e-6 (1 + ‖b‖∞ + ‖|A| |x|‖∞), whatever the
 * tolerance of the case. `keeps` says which steps those are. Not for contradictory rows, nor for moving right-hand sides.
 */
export function violatedRows(
  { A, b, b_text, solution }: ReferenceProblem,
  run: RecordedRun,
  keeps: (step: number) => boolean,
): Disagreement[] {
  if (!A || !b || b_text || solution.feasible === false) return [];
  return run.steps.flatMap((step, index) => {
    if (!keeps(step)) return [];
    const x = at(run.iterates, index);
    const residual = A.map((row, i) => row.reduce((sum, entry, j) => sum + entry * at(x, j), -at(b, i)));
    const size = A.map((row) => row.reduce((sum, entry, j) => sum + Math.abs(entry * at(x, j)), 0));
    const allowed = 2e-6 * (1 + maxAbs(b) + maxAbs(size));
    const difference = maxAbs(residual);
    return difference <= allowed ? [] : [{ step, what: 'A x - b' as const, difference, allowed }];
  });
}

/** NaN where an entry is NaN. */
function maxAbs(values: readonly number[]): number {
  return values.reduce((most, value) => (Number.isNaN(value) || Math.abs(value) > most ? Math.abs(value) : most), 0);
}
