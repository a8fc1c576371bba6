/** Constraints whose slope vanishes wherever they are met, as x^2 = 0: what that does, and the plain equalities that say the same. */
import type { Diagnostic } from '../../diagnostic.ts';
import { printText } from '../../language/print-text.ts';
import { zerosOf } from '../../problem/plain-cases.ts';
import type { Problem } from '../../problem/problem.ts';

/** Of each r = 0 or r ≤ 0 whose r is a sum of squares, lengths and absolute values; a chain of relations is left as it is. */
export const vanishingSlopeNotes = ({ constraints }: Pick<Problem, 'constraints'>): Diagnostic[] =>
  constraints.flatMap(({ residual, membership, text, span }) => {
    const parts = membership || (text.match(/[<>=]+/gu) ?? []).length !== 1 ? null : zerosOf(residual);
    if (!parts || parts.length === 0) return [];
    const insert = parts.map((part) => `${printText(part)} = 0`).join('; ');
    const message = `Where this holds it has no slope to follow: there are no multipliers there, and steps come nearer ever more slowly, or jump about. The same is said by ${insert}.`;
    return [{ severity: 'note' as const, message, span, fix: { title: `Write ${insert}`, span, insert } }];
  });
