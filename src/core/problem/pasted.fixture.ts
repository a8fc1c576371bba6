/** Texts as they are pasted, and the same problems in the language: what the offered fixes make of the one must evaluate like the other. */
import { type Diagnostic, type Fix, invariant, type Result } from '../diagnostic.ts';
import { parse } from '../language/parse.ts';
import { Machine } from '../tensor/evaluate.ts';
import type { Tensor } from '../tensor/ops.ts';
import { Ops } from '../tensor/ops.ts';
import { check } from './check.ts';
import { lossOf, residualOf } from './elaborate.ts';
import type { Problem } from './problem.ts';

export const checked = (text: string): Result<Problem> => {
  const document = parse(text);
  return document.ok ? check(document.value, { seed: 0 }) : document;
};

/** Errors, or what is to be known of a problem. */
export const toldOf = (text: string): readonly Diagnostic[] => {
  const problem = checked(text);
  return problem.ok ? problem.value.notes : problem.diagnostics;
};

export const applied = (text: string, { span: [from, to], insert }: Fix): string =>
  text.slice(0, from) + insert + text.slice(to);

/** After so many clicks at most, each on the fix for all lines where there is one. */
export function mended(text: string, clicks: number): string {
  let line = text;
  for (let click = 0; click < clicks; click++) {
    const found = toldOf(line).find(({ fix }) => fix);
    const fix = found?.otherFix?.title === 'Mend all lines' ? found.otherFix : found?.fix;
    if (!fix) return line;
    line = applied(line, fix);
  }
  return line;
}

/** The loss, and each row as it stands in standard form, in no order, at a point whose entries go by their names. */
export function valuesOf(text: string, seed: number): unknown {
  const result = checked(text);
  invariant(result.ok, `${text}\n${result.ok ? '' : result.diagnostics.map(({ message }) => message).join('\n')}`);
  const problem = result.value;
  const entries = problem.parameters.flatMap(({ name, start }) => start.map((_, i) => entryAt(`${name}.${i}`, seed)));
  const at = (write: (ops: Ops, x: Tensor, t: Tensor) => Tensor): number[] => {
    const ops = new Ops();
    const { id } = write(ops, ops.constant(entries), ops.constant(0));
    const machine = new Machine(ops);
    machine.procedure([id])();
    return [...machine.numbers(id)].map((value) => Number(value.toPrecision(9)));
  };
  const rows = problem.constraints.flatMap((constraint) =>
    at((ops, x, t) => residualOf(ops, problem, constraint, x, t, t)).map((value) =>
      constraint.relation === 'equality' ? `|h| = ${Math.abs(value)}` : `g = ${value}`,
    ),
  );
  const names = problem.parameters.map(({ name, shape }) => `${name}[${shape.join()}]`);
  return { names: names.sort(), loss: at((ops, x, t) => lossOf(ops, problem, x, t, t)), rows: rows.sort() };
}

/** Between 0.1 and 0.9, where logarithms and roots are defined. */
function entryAt(name: string, seed: number): number {
  let hash = 2166136261 ^ seed;
  for (const sign of name) hash = Math.imul(hash ^ sign.charCodeAt(0), 16777619);
  return 0.1 + 0.8 * (((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32);
}
