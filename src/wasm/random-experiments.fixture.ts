/** Experiments as nobody would write them: any losses, constraints and settings together, of every method and optimizer. Test support. */
import fc from 'fast-check';
import { catalog } from '../catalog/registry.ts';
import type { RunJson, SettingsJson } from '../core/experiment/experiment.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import type { Setting, Settings } from '../core/settings.ts';

type Generator = fc.GeneratorValue;

const NUMBERS = ['0.5', '1', '2', '-0.3', '0', '1.7', '0.1', '3', '-2', '0.25'];
const SHORTEST = [1, 2, 2, 3, 3, 4, 5, 7, 9, 17];

/** What stands beside the list w of n entries. */
interface Cast {
  readonly n: number;
  /** Rows and columns of W. */
  readonly matrix: readonly [number, number] | null;
  readonly hasNumber: boolean;
  readonly hasRows: boolean;
  readonly hasTable: boolean;
}

function losses({ matrix, hasNumber, hasRows, hasTable }: Cast, number: () => string): string[] {
  return [
    `sum((w - ${number()})**2)`,
    `1e4*sum((w - ${number()})**2)`,
    `mean(w**2) + sum(w)*${number()}`,
    `sum(abs(w - ${number()}))`,
    'max(w)',
    `logsumexp(${number()}*w)`,
    'sum(softplus(w))',
    `norm(w - ${number()})`,
    'sum(w[::2]**2) - w[-1]',
    'sum(cos(w)) + 0.1*sum(w**2)',
    'sum(tanh(w)*w)',
    'w[0]*w[-1] + 0.3*sum(w**4)',
    `sum(where(w > ${number()}, w**2, w))`,
    'sum((w[1:] - w[:-1])**2)',
    'sum(exp(-w**2))',
    'sum(sqrt(w**2 + 1e-3))',
    'sum(log(1 + w**2))',
    'sum(log(2 + w))',
    'sum(w**1.5)',
    'sum((w - sin(0.3*t))**2)',
    ...(hasNumber ? [`(s - ${number()})**2 + s*w[0]`, 'sum((w - s)**2)', 'exp(s*0.1)'] : []),
    ...(hasRows
      ? ['sum((A @ w - 1)**2)', 'norm(A @ w)**2 + sum(w)', 'max(A @ w)', 'sum(relu(A @ w))', 'sum(softmax(A @ w)**2)']
      : []),
    ...(hasTable
      ? ['mean((X @ w - y)**2)', 'mean(log(1 + exp(-(X @ w) * y)))', 'mean(abs(X @ w - y))', 'mean(tanh(X @ w)*y)']
      : []),
    ...(matrix
      ? [
          'sum((W - 0.5)**2)',
          `sum((W.T @ W - eye(${matrix[1]}))**2)`,
          'norm(W)',
          'sum(tanh(W))',
          'sum(max(W, axis=0))',
          'sum(softmax(W, axis=1)*W)',
        ]
      : []),
  ];
}

function constraints({ n, matrix, hasNumber, hasRows }: Cast, number: () => string): string[] {
  return [
    'sum(w) = 1',
    `sum(w) <= ${number()}`,
    '0 <= w <= 1',
    'w >= -0.5',
    'w in simplex(2)',
    'w in ball(2)',
    'w in sphere(1)',
    'w in l1ball(2)',
    'w in l1sphere(1)',
    'w in linfball(1)',
    `w in sparse(${Math.ceil(n / 2)})`,
    `w[0] = ${number()}`,
    'w[0] + w[-1] = 1 + 0.01*t',
    'w[1:] >= w[:-1]',
    'w[:-1] = w[1:]',
    'sum(w**2) <= 1 + 0.02*t',
    'w[0]**2 <= w[-1]',
    `norm(w[:${Math.max(0, n - 2)}]) <= w[-1]`,
    'w in l1ball(1 + 0.01*t)',
    'w in sphere(1 + 0.01*t)',
    'soft(10): sum(w) = 1',
    'soft(2): w >= 0',
    'w[0]*w[-1] = 0.2',
    '0 <= w <= 1 ; sum(w) = 1',
    ...(hasRows ? ['A @ w = 1', 'A @ w <= 1', 'A @ w = 0.1*t', 'abs(A @ w) <= 1'] : []),
    ...(matrix
      ? [
          'W in orthogonal',
          'W in stochastic',
          'W in column_stochastic',
          'W in spectralball(1)',
          'W in nuclearball(1)',
          'W in lowrank(1)',
          'sum(W) = 1',
          'W >= 0',
          'sum(W**2, axis=0) <= 1',
        ]
      : []),
    ...(matrix && matrix[0] === matrix[1]
      ? ['W in symmetric', 'W in psd', 'W in doubly_stochastic', 'W in toeplitz', 'W in antisymmetric']
      : []),
    ...(hasNumber ? ['s >= 0', 's = w[0]', 's**2 + w[0]**2 <= 1'] : []),
  ];
}

function problem(draw: Generator): string {
  const pick = <T>(among: readonly T[]): T => draw(fc.constantFrom, ...among);
  const number = () => pick(NUMBERS);
  const sometimes = () => draw(fc.boolean);
  const cast: Cast = {
    n: pick(SHORTEST),
    matrix: sometimes()
      ? pick([
          [1, 1],
          [2, 2],
          [3, 3],
          [3, 2],
          [2, 5],
        ] as const)
      : null,
    hasNumber: sometimes(),
    hasRows: sometimes(),
    hasTable: sometimes(),
  };
  const { n, matrix } = cast;
  const [rows, examples] = [pick([1, 2, 3, 6]), pick([3, 8, 40])];
  const entries = (count: number) =>
    Array.from({ length: count }, () => draw(fc.integer, { min: -16, max: 16 }) / 8).join(', ');
  const several = (count: number, among: (cast: Cast, number: () => string) => string[]) =>
    Array.from({ length: count }, () => pick(among(cast, number)));
  const held = several(pick([0, 1, 1, 2]), constraints);
  return [
    `param w[${n}]${pick(['', ' = 0.5', ' ~ normal(0, 1)', ' ~ uniform(0, 1)', ' = -1', ` = [${entries(n)}]`])}`,
    ...(matrix ? [`param W[${matrix}]${pick(['', ' = 0.25', ' ~ normal(0, 1)'])}`] : []),
    ...(cast.hasNumber ? [`param s${pick([' = 0.5', ' = -1', ''])}`] : []),
    ...(cast.hasRows ? [`data A = [${Array.from({ length: rows }, () => `[${entries(n)}]`).join(', ')}]`] : []),
    ...(cast.hasTable
      ? [
          `data X[${examples},${n}], y[${examples}] = ${pick(['regression', 'classification'])}(seed=${pick([1, 2, 3])})`,
        ]
      : []),
    `minimize ${several(pick([1, 2, 3]), losses).join(' + ')}`,
    ...(held.length > 0 ? ['subject to', ...held.map((row) => `  ${row}`)] : []),
  ].join('\n');
}

/** Some of the settings, each from its range, or one of its options. */
function some(draw: Generator, settings: Settings): SettingsJson {
  const entries = Object.entries(settings).flatMap(([name, setting]) =>
    setting.role !== 'data' && draw(fc.integer, { min: 0, max: 3 }) === 0
      ? [[name, chosen(draw, setting)] as const]
      : [],
  );
  return Object.fromEntries(entries);
}

function chosen(draw: Generator, setting: Exclude<Setting, { role: 'data' }>): number | string | boolean {
  if (setting.role === 'value') {
    const [least, most] = setting.range;
    if (setting.isWhole) return draw(fc.integer, { min: Math.max(0, least), max: Math.min(999, most) });
    return Math.min(most, Math.max(least, setting.default * draw(fc.constantFrom, 0, 0.1, 0.5, 1, 2)));
  }
  if (setting.kind === 'choice') return draw(fc.constantFrom, ...setting.options);
  if (setting.kind === 'toggle') return draw(fc.boolean);
  return draw(fc.integer, { min: setting.range[0], max: Math.min(6, setting.range[1]) });
}

/** A text and a run of it, by a method that applies to the text where one does. */
export const experiments: fc.Arbitrary<{ readonly text: string; readonly run: RunJson }> = fc.gen().map((draw) => {
  const text = problem(draw);
  const studied = studyStructure(text, 0, catalog);
  const applicable = studied.ok ? studied.value.methods.filter(({ supported }) => supported).map(({ id }) => id) : [];
  const methods = catalog.methods.filter(({ id }) => applicable.length === 0 || applicable.includes(id));
  const [method, optimizer] = [draw(fc.constantFrom, ...methods), draw(fc.constantFrom, ...catalog.optimizers)];
  return {
    text,
    run: {
      method: method.id,
      settings: some(draw, method.settings),
      optimizer: {
        kind: optimizer.id,
        learningRate: draw(fc.constantFrom, 0.1, 0.01, 0.3, 1),
        ...some(draw, optimizer.settings),
      },
      steps: draw(fc.constantFrom, 1, 2, 5, 12),
    },
  };
});
