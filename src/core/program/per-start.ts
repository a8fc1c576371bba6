/** Turns settings of a run into entries of its start, so that each start of a swarm may have its own. */
import { at } from '../diagnostic.ts';
import { levelOf } from '../tensor/value.ts';
import { compact, renamed } from './compact.ts';
import type { Program } from './program.ts';
import { rebuild } from './rebuild.ts';

/** Whether the numbers of a program depend on which start it runs from, through its random numbers. */
export const isNumbered = ({ values }: Program): boolean =>
  values.some(({ op, attributes }) => op === 'input' && attributes.source === 'index');

/**
 * The program whose start is x₀[n] with the named settings behind it, in their order, and last the number of the start if the
 * program `isNumbered`; its only output is x. What depends on them moves by itself from the host to where it is computed: before the loop, or in it where it depends on t, too.
 */
export function settingsPerStart(program: Program, names: readonly string[]): Program {
  const size = program.size + names.length + (isNumbered(program) ? 1 : 0);
  const { ops, map } = rebuild(program, (ops, value) => {
    if (value.op !== 'input') return null;
    const { source, name } = value.attributes;
    const position = source === 'setting' ? names.indexOf(name) : -1;
    if (source === 'start') {
      return ops.slice(ops.input('start', 'starts', [size]), { offset: 0, strides: [1], shape: [program.size] });
    }
    if (source === 'index') return ops.row(ops.input('start', 'starts', [size]), size - 1);
    return position < 0 ? null : ops.row(ops.input('start', 'starts', [size]), program.size + position);
  });
  const starts = ops.input('start', 'starts', [size]); // the same value: equal inputs are one
  const [x] = program.outputs;
  const settings = program.settings.filter(({ name }) => !names.includes(name));
  return compact(ops, {
    ...renamed({ ...program, settings, outputs: x ? [x] : [] }, map),
    size,
    start: starts.id,
  });
}

/** Whether a start would need a factorisation of its own, which no device computes. */
export const needsOwnBasis = ({ values }: Program): boolean =>
  values.some(
    (value) =>
      (value.op === 'nullSpace' || value.op === 'rowSpace') &&
      ['start', 'step'].includes(levelOf(at(values, value.args[0]).uses)),
  );
