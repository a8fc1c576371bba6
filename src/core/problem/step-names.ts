/** t and T are of the run; textbooks learn a t: minimize t with ‖x‖ ≤ t. */
import type { Diagnostic, Fix } from '../diagnostic.ts';
import { type Expr, namesIn } from '../language/expr.ts';

const wholeWord = (name: string): RegExp => new RegExp(`(?<![\\p{L}\\d_.])${name}(?![\\p{L}\\d_])`, 'gu');

/** Gives t or T another name wherever the text has it, and declares that name where the text declares others. */
export function renamed(name: string, text: string, isDeclared: boolean): Fix | undefined {
  const letters = name === 'T' ? 'SUVZ' : 'suvz';
  const free = [...letters].find((letter) => !wholeWord(letter).test(text));
  if (!free) return undefined;
  const declares = !isDeclared && wholeWord('param').test(text);
  const insert = `${declares ? `param ${free}\n` : ''}${text.replace(wholeWord(name), free)}`;
  return { title: `Call it ${free}`, span: [0, text.length], insert };
}

/** A summand of the loss that has t and no parameter changes no step: t is then hardly meant as the number of the step. */
export function stepAlone(loss: Expr, text: string, hasParameter: (summand: Expr) => boolean): Diagnostic[] {
  const summands = loss.kind === 'sum' ? [loss.first, ...loss.rest.map(({ operand }) => operand)] : [loss];
  const summand = summands.find((each) => namesIn(each).has('t') && !hasParameter(each));
  if (!summand) return [];
  const message =
    'Here t is the number of the step, so this part of the loss changes nothing. What is learned has another name.';
  const fix = renamed('t', text, false);
  return [{ severity: 'warning', message, span: summand.span, ...(fix && { fix }) }];
}
