import { expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { interpret } from '../program/interpret.ts';
import { Ops } from './ops.ts';
import { levelOf } from './value.ts';

it('computes what depends on the turn alone in every turn, also where the state comes into the loop from the start', () => {
  const ops = new Ops();
  const start = ops.input('start', 'x0', [1]);
  const x = ops.input('state', 'x', [1]);
  const [next = x] = ops.repeat(4, [x], ([carried = x], turn) => [ops.add(carried, ops.multiply(turn, turn))]);
  const inLoop = ops.values.filter(({ region }) => region !== null);
  expect(inLoop.map(({ uses }) => levelOf(uses))).toEqual(inLoop.map(() => 'step'));
  const program = {
    values: ops.values,
    regions: ops.regions,
    size: 1,
    start: start.id,
    time: null,
    settings: [],
    state: [{ name: 'x', shape: [1], initial: start.id, current: x.id, next: next.id }],
    outputs: [{ name: 'x', value: x.id }],
  };
  const run = interpret(program, [10], {});
  run.step(1e9);
  expect(at(at(run.outputs(), 0), 0)).toBe(10 + 0 + 1 + 4 + 9);
});
