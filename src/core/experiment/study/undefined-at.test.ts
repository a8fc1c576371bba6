import { describe, expect, it } from 'vitest';
import { parse } from '../../language/parse.ts';
import { check } from '../../problem/check.ts';
import { lossOf } from '../../problem/elaborate.ts';
import { Machine } from '../../tensor/evaluate.ts';
import { Ops } from '../../tensor/ops.ts';
import { type Precision, undefinedAt } from './undefined-at.ts';

function problemOf(text: string) {
  const document = parse(text);
  const problem = document.ok ? check(document.value, { seed: 1 }) : document;
  if (!problem.ok) throw new Error(problem.diagnostics.map(({ message }) => message).join(' '));
  return problem.value;
}

/** What is marked, what is said and what the fix makes of the text; null where all is finite. */
function lostIn(text: string, x: readonly number[], precision: Precision = 'float64') {
  const lost = undefinedAt(problemOf(text), text, { x, step: 3, steps: 10 }, precision);
  if (!lost) return null;
  const { message, fix, span } = lost;
  const mended = fix && text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]);
  return { marked: span && text.slice(...span), message, mended };
}

function lossAt(text: string, x: readonly number[]): number {
  const problem = problemOf(text);
  const ops = new Ops();
  const [input, t, T] = [
    ops.input('start', 'x', [x.length]),
    ops.input('time', 't', []),
    ops.input('setting', 'T', []),
  ];
  const loss = lossOf(ops, problem, input, t, T);
  const machine = new Machine(ops);
  machine.numbers(input.id).set(x);
  machine.procedure([loss.id])();
  return machine.numbers(loss.id)[0] ?? Number.NaN;
}

const DATA = 'data X = [[1, 300], [2, 500], [1, 800]]; data y = [0, 1, 1]\nparam w[2]\n';

/** Losses with a logarithm that overflows far out: at the second point, and not at the first. */
const UNSTABLE: Readonly<Record<string, string>> = {
  'logistic regression with a name for σ': `${DATA}let p = sigmoid(X @ w)\nminimize -mean(y*log(p) + (1 - y)*log(1 - p))`,
  'logistic regression as NumPy writes it': `${DATA}let p = 1 / (1 + exp(-X @ w))\nminimize -mean(y*log(p) + (1 - y)*log(1 - p))`,
  'logistic regression, σ in its place': `${DATA}minimize -mean(y*log(sigmoid(X @ w)) + (1 - y)*log(1 - sigmoid(X @ w)))`,
  'log(1 + exp(z))': `${DATA}minimize sum(log(1 + exp(X @ w)))`,
  'log(sum(exp(z)))': `${DATA}minimize log(sum(exp(X @ w)))`,
};

describe('the first operation that has no finite value', () => {
  it.each(Object.entries(UNSTABLE))(
    '%s: is followed by a form with the same value that keeps its numbers',
    (_, text) => {
      const [near, far] = [
        [0.1, -0.002],
        [0, 2],
      ];
      expect(lostIn(text, near)).toBeNull();
      const mended = lostIn(text, far)?.mended ?? '';
      expect(Number.isFinite(lossAt(text, far))).toBe(false);
      expect(lossAt(mended, near)).toBeCloseTo(lossAt(text, near), 12);
      expect(Number.isFinite(lossAt(mended, far))).toBe(true);
      expect(lostIn(mended, far)).toBeNull();
    },
  );

  it('is the innermost, with its line, and all before it in the text are finite', () => {
    const lost = lostIn('param x[2]\nlet a = log(x[0])\nlet b = 1/x[1]\nminimize a + exp(b)', [1, 0]);
    expect(lost?.marked).toBe('1/x[1]');
    expect(lost?.message).toMatch(/line 3.*division by 0/u);
  });

  it.each([
    ['minimize log(x)', [-2], 'log(x)', /log of −2/u],
    ['minimize sqrt(x - 3)', [1], 'sqrt(x - 3)', /root of −2/u],
    ['minimize exp(x)', [1000], 'exp(x)', /exp of 1000/u],
    ['minimize (x - 1)^0.5', [0], '(x - 1)^0.5', /power/u],
    ['minimize x^2 subject to log(x) <= 1', [0], 'log(x)', /log of 0/u],
    ['minimize sqrt(x)', [0], 'sqrt(x)', /slope/u],
  ] as const)('%s: names what it came to', (text, x, marked, about) => {
    expect(lostIn(text, x)).toMatchObject({ marked, message: expect.stringMatching(about) });
  });

  it('names columns of data that are far from 1', () => {
    expect(lostIn(`${DATA}minimize sum(exp(X @ w))`, [0, 2])?.message).toMatch(/columns of X .*standardise/u);
    expect(lostIn('data X = [[1, 2]]\nparam w[2]\nminimize sum(exp(X @ w))', [0, 900])?.message).not.toMatch(
      /columns/u,
    );
  });

  it('is not a bound that is infinite, nor a value on the way that does no harm', () => {
    expect(lostIn('param x[2]\nminimize sum(x^2)\nsubject to\n  x <= [1, inf]', [0, 0])).toBeNull();
    expect(lostIn('minimize 1/(1 + exp(x))', [1000])?.message ?? '').not.toMatch(/value/u);
  });

  it('is found earlier in float32, where 1 − p is 0 sooner', () => {
    const text = 'param z\nminimize -log(1 - sigmoid(z))';
    expect(lostIn(text, [20])).toBeNull();
    expect(lostIn(text, [20], 'float32')?.marked).toBe('log(1 - sigmoid(z))');
    expect(lostIn(text, [40])?.marked).toBe('log(1 - sigmoid(z))');
  });
});
