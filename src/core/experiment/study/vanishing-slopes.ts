/** Constraints whose slope vanishes wherever they are met, as x^2 = 0: what that does, and the plain equalities that say the same. */
import type { Diagnostic } from '../../diagnostic.ts';
import type { Expr } from '../../language/expr.ts';
import { printText } from '../../language/print-text.ts';
import type { Problem } from '../../problem/problem.ts';

const LENGTHS = new Set(['abs', 'fabs', 'absolute', 'norm']);

/** Of each r = 0 or r ≤ 0 whose r is a sum of squares, lengths and absolute values; a chain of relations is left as it is. */
export const vanishingSlopeNotes = ({ constraints }: Pick<Problem, 'constraints'>): Diagnostic[] =>
  constraints.flatMap(({ residual, membership, text, span }) => {
    const parts = membership || (text.match(/[<>=]+/gu) ?? []).length !== 1 ? null : zerosOf(residual);
    if (!parts || parts.length === 0) return [];
    const insert = parts.map((part) => `${printText(part)} = 0`).join('; ');
    const message = `Where this holds it has no slope to follow: there are no multipliers there, and steps come nearer ever more slowly, or jump about. The same is said by ${insert}.`;
    return [{ severity: 'note' as const, message, span, fix: { title: `Write ${insert}`, span, insert } }];
  });

/** What must all be 0 for r to be 0, where r is ≥ 0 and flat there, or bent; null for any other r. */
function zerosOf(r: Expr): readonly Expr[] | null {
  switch (r.kind) {
    case 'sum': {
      const parts = [r.first, ...r.rest.map(({ operator, operand }) => (operator === '+' ? operand : null))];
      const zeros = parts.map((part) => part && zerosOf(part));
      return zeros.every((zero) => zero !== null) ? zeros.flat() : null;
    }
    case 'product': {
      const [last] = r.rest;
      const isScaled = r.first.kind === 'number' && r.first.value > 0 && r.rest.length === 1 && last?.operator === '*';
      return isScaled ? zerosOf(last.operand) : null;
    }
    case 'power': {
      const { base, exponent } = r;
      const isEven = exponent.kind === 'number' && exponent.value >= 2 && exponent.value % 2 === 0;
      return isEven ? (zerosOf(base) ?? [base]) : null;
    }
    case 'call': {
      const [inner] = r.args;
      if (!inner || r.args.length > 1 || r.options.length > 0) return null;
      if (LENGTHS.has(r.name)) return zerosOf(inner) ?? [inner];
      return r.name === 'sum' ? zerosOf(inner) : null;
    }
    default:
      return null;
  }
}
