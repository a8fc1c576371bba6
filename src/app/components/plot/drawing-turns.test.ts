import { describe, expect, it } from 'vitest';
import { at } from '../../../core/diagnostic.ts';
import { drawingTurns } from './drawing-turns.ts';

/** Graphs that ask at once, by what each of their steps takes: when each began. */
async function begun(graphs: readonly (readonly number[])[]): Promise<number[]> {
  let time = 0;
  const turnToDraw = drawingTurns({
    now: () => time,
    later: (turn, ms) =>
      queueMicrotask(() => {
        time += ms;
        turn();
      }),
  });
  const times: number[] = [];
  await Promise.all(
    graphs.map(async (steps) => {
      const turn = await turnToDraw();
      times.push(time);
      for (const [i, step] of steps.entries()) {
        if (i > 0) await turn.pause();
        time += step;
      }
      turn.end();
    }),
  );
  return times;
}

describe('graphs that would draw at once', () => {
  it('draw in the order in which they asked, and rest as long as each took', async () => {
    expect(await begun([[30], [10], [20]])).toEqual([0, 60, 80]);
  });

  it('rest within, too, where they draw in steps, and nobody draws meanwhile', async () => {
    expect(await begun([[10, 30], [10]])).toEqual([0, 80]);
  });

  it('never draw in the task that asks', () => {
    const later: (() => void)[] = [];
    const turnToDraw = drawingTurns({ now: () => 0, later: (turn) => void later.push(turn) });
    let hasBegun = false;
    void turnToDraw().then(() => {
      hasBegun = true;
    });
    expect(hasBegun).toBe(false);
  });

  it('wait for each other without end', async () => {
    const times = await begun(Array.from({ length: 100 }, () => [1]));
    expect(at(times, 99)).toBe(2 * 99);
  });
});
