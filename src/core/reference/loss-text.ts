/** The losses of the reference values as text, spelled out term by term in scalar parameters. Test support. */
import { at } from '../diagnostic.ts';
import type { ReferenceData, ReferenceProblem } from './trajectories.ts';

export function lossText(problem: ReferenceProblem): string {
  switch (problem.kind) {
    case 'expression':
    case 'mlp':
      return problem.loss;
    case 'regression':
      return regressionLoss(problem.variables, required(problem.data, 'data'));
    case 'basis_linear':
      return basisLoss(problem.variables, required(problem.data, 'data'), problem.model?.trained ?? []);
  }
}

/** mean((X w − y)²) with X and y from the generator. */
function regressionLoss(variables: readonly string[], data: ReferenceData): string {
  const { X, y } = regressionData(data);
  const squares = X.map((row, i) => `(${weighted(row, variables)} - ${paren(at(y, i))})^2`);
  return mean(squares);
}

/** Regression: X row-major with gauss12, then e; y = e, or X w_true + s e. */
export function regressionData(data: ReferenceData): { X: number[][]; y: number[] } {
  const rows = required(data.N, 'data.N');
  const columns = required(data.n, 'data.n');
  const gauss12 = gaussian(required(data.seed, 'data.seed'));
  const X = Array.from({ length: rows }, () => Array.from({ length: columns }, gauss12));
  const noise = Array.from({ length: rows }, gauss12);
  const planted = data.w_true ?? null;
  if (!planted) return { X, y: noise };
  const scale = Number(/\+ ([0-9.]+)\*e$/.exec(String(data.y))?.[1]);
  const y = X.map((row, i) => row.reduce((sum, entry, j) => sum + entry * at(planted, j), 0) + scale * at(noise, i));
  return { X, y };
}

/** mean((X Wᵀ − Y)²) over samples and outputs, W = Cᵀ B. */
function basisLoss(variables: readonly string[], data: ReferenceData, trained: readonly string[]): string {
  const X = required(data.X, 'data.X');
  const Y = required(data.Y, 'data.Y');
  const basis = required(data.B0, 'data.B0');
  const inputs = at(X, 0).length;
  const outputs = at(Y, 0).length;
  const coefficientsFrom = trained.includes('B') ? basis.length * inputs : 0;
  /** W[o][i] as text. */
  const weight = (o: number, i: number): string => {
    if (trained.includes('W')) return at(variables, o * inputs + i);
    const terms = basis.map((row, k) => {
      const coefficient = at(variables, coefficientsFrom + k * outputs + o);
      const direction = trained.includes('B') ? at(variables, k * inputs + i) : paren(at(row, i));
      return `${coefficient}*${direction}`;
    });
    return `(${terms.join(' + ')})`;
  };
  const squares = X.flatMap((row, n) =>
    Array.from({ length: outputs }, (_, o) => {
      const prediction = weighted(
        row,
        Array.from({ length: inputs }, (__, i) => weight(o, i)),
      );
      return `(${prediction} - ${paren(at(at(Y, n), o))})^2`;
    }),
  );
  return mean(squares);
}

const mean = (terms: readonly string[]): string => `(${terms.join(' + ')})/${terms.length}`;

const weighted = (factors: readonly number[], terms: readonly string[]): string =>
  factors.map((factor, i) => `${paren(factor)}*${at(terms, i)}`).join(' + ');

const paren = (number: number): string => (number < 0 ? `(${number})` : String(number));

/** Close to a standard normal: (sum of 12 values of u >>> 16) / 65536 − 6, from mulberry32. */
function gaussian(seed: number): () => number {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return () => {
    let sum = 0;
    for (let i = 0; i < 12; i++) sum += next() >>> 16;
    return sum / 65536 - 6;
  };
}

function required<T>(value: T | null | undefined, name: string): T {
  if (value === null || value === undefined) throw new Error(`The reference problem has no ${name}`);
  return value;
}
