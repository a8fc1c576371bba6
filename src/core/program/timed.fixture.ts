/** Programs of which nothing is known to rest, beside those of which it is. */
import type { Program } from './program.ts';
import { rewrite } from './rewrite.ts';

/** The same program, but that no step would leave the state as it is before t = −1: so none is known to leave it so for ever. */
export function askingForTime(program: Program): Program {
  const nexts = new Set(program.state.map(({ next }) => next));
  const timed = rewrite(program, (ops, value, args, id) => {
    if (!nexts.has(id)) return null;
    const isBefore = ops.less(ops.input('time', 't', []), -1);
    const next = ops.again(
      value,
      args.map((argument) => argument.id),
    );
    return ops.where(ops.broadcast(isBefore, value.shape), 0, next);
  });
  const time = timed.values.findIndex(({ op, attributes }) => op === 'input' && attributes.source === 'time');
  return { ...timed, time };
}
