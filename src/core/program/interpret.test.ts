import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { Ops } from '../tensor/ops.ts';
import { interpret } from './interpret.ts';

describe('the interpreter', () => {
  it('computes values of a loop that depend on its turn alone', () => {
    const ops = new Ops();
    const x = ops.input('state', 'x', [1]);
    const [next] = ops.repeat(3, [x], ([carried], turn) => [ops.add(carried ?? x, ops.multiply(turn, turn))]); // x + 0 + 1 + 4
    const program = {
      values: ops.values,
      regions: ops.regions,
      size: 1,
      start: null,
      time: null,
      settings: [],
      state: [{ name: 'x', shape: [1], initial: ops.constant([7]).id, current: x.id, next: at([next], 0)?.id ?? 0 }],
      outputs: [{ name: 'x', value: x.id }],
    };
    const run = interpret(program, [], {});
    run.step(1e9);
    expect([...at(run.outputs(), 0)]).toEqual([12]);
  });
});
