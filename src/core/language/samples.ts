/** Texts for property tests: fragments of the language in any order, real texts with random damage, and anything at all. Test support. */
import fc from 'fast-check';

/** How many texts a property is tried on; more in the fuzzing run. */
const { process } = globalThis as { readonly process?: { readonly env: Readonly<Record<string, string | undefined>> } };
export const RUNS = process?.env.FEASIBLE_FUZZ ? 200_000 : 2000;
/** Byte strings, and mutations of valid texts. */
export const RUNS_OF_EACH = process?.env.FEASIBLE_FUZZ ? 100_000 : 1000;
/** Expressions whose derivatives are compared with differences. */
export const EXPRESSIONS = process?.env.FEASIBLE_FUZZ || process?.env.FEASIBLE_FULL ? 500 : 100;
/** Polyhedra whose nearest points are looked for. */
export const POLYHEDRA = process?.env.FEASIBLE_FUZZ ? 20_000 : 300;
/** Milliseconds: a bound on hanging, not on speed. */
export const PATIENCE = process?.env.FEASIBLE_FUZZ ? 3_600_000 : 600_000;

export const REAL_TEXTS = [
  'minimize (p1-0.5)**2 + (p2-0.5)**2  subject to p1 + p2 = 1',
  'minimize (p5-2)**2 + (p6+1)**2 + p7**2  subject to p5 + p6 = 1 ; p6 + p7 = 0.5',
  'param w[3] = [0.2, 0.9, -0.4]\nminimize sum((w - 1)**2)\nsubject to\n  budget: sum(w) = 1\n  0 <= w <= 1 # box\n',
  'param x[3] = [1, 2, 3]\ndata g = [0, 1, 1]\nlet F = x[g]^2\nlet J = jacobian(F, x)\nminimize grad(sum(F), x) @ x\nst J[0, 1] = J[1, 2]; soft(3): x[g == 0] = 1',
  'param V[2,4] ~ normal(0, 0.5)\nlet p = sigmoid(V @ [1, 2, 3, 4])\nminimize mean(p**2) + norm(V.T[-1, :])\nst V[0, 0] = V[1, ::2][0]',
  'data A[2,2] = [[1,0],[0,1]]\nparam x[2]\nmaximize -dot(x, A @ x) + where(x[0] > 0, 1, x[1])\nst a: soft(10): x in ball(2)',
];

const FRAGMENTS = [
  'minimize',
  'maximize',
  'subject to',
  'st',
  's.t.',
  'param',
  'let',
  'data',
  'in',
  'soft',
  ' ',
  ' ',
  '\n',
  ';',
  ',',
  ':',
  '=',
  '==',
  '<=',
  '>=',
  '<',
  '>',
  '!=',
  '=>',
  '+',
  '-',
  '*',
  '/',
  '**',
  '^',
  '@',
  '.T',
  '.',
  '(',
  ')',
  '[',
  ']',
  '~',
  '#',
  'x',
  'y',
  'w',
  'x1',
  't',
  'T',
  'pi',
  '__proto__',
  '0',
  '1',
  '2.5',
  '1e-3',
  '.5',
  'sum(',
  'norm(',
  'where(',
  'reshape(',
  'axis=0',
  'w[0]',
  'w[1:2]',
  'w[[0, 1]]',
  'w[g == 1]',
  'grad(',
  'jacobian(',
  ', x)',
  'soft(2):',
  '[1, 2]',
  'x = 1',
  'normal(0, 1)',
  '\u202e',
  'é',
  '²',
  '\r\n',
];

const fragments = fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 30 });

/** A real text with parts cut out, doubled or replaced. */
export const damaged: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom(...REAL_TEXTS),
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fc.constantFrom('', '', ...FRAGMENTS)), { maxLength: 4 }),
  )
  .map(([text, cuts]) =>
    cuts.reduce((damagedText, [position, length, insert]) => {
      const from = position % (damagedText.length + 1);
      return damagedText.slice(0, from) + insert + damagedText.slice(from + length);
    }, text),
  );

/** Bytes read as UTF-8, broken sequences and all. */
export const bytes: fc.Arbitrary<string> = fc
  .uint8Array({ maxLength: 200 })
  .map((array) => new TextDecoder().decode(array));

export const anyText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fragments.map((parts) => parts.join('')) },
  { weight: 2, arbitrary: fragments.map((parts) => parts.join(' ')) },
  { weight: 4, arbitrary: damaged },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);
