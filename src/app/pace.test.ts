import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { paced } from './pace.ts';

/** A page on which each drawing takes `cost`, and requests come every `gap`, until `end`. Times of the drawings. */
function drawings({ cost, gap, end }: { cost: number; gap: number; end: number }): number[] {
  let time = 0;
  const turns: { at: number; turn: () => void }[] = [];
  const later = (turn: () => void, ms: number) => void turns.push({ at: time + ms, turn });
  const drawn: number[] = [];
  const draw = () => {
    drawn.push(time);
    later(() => {
      time += cost;
    }, 0);
  };
  const pace = paced(draw, { now: () => time, later });
  for (let k = 0; k * gap < end; k++) turns.push({ at: k * gap, turn: pace.request });
  turns.push({ at: end, turn: pace.end });
  while (turns.length > 0) {
    turns.sort((a, b) => a.at - b.at);
    const [{ at: due, turn }] = turns.splice(0, 1) as [(typeof turns)[number]];
    time = Math.max(time, due);
    turn();
  }
  return drawn;
}

describe('what comes in faster than it can be drawn', () => {
  it('is drawn half of the time at most', () => {
    const drawn = drawings({ cost: 100, gap: 1, end: 1000 });
    expect(drawn[0]).toBe(0);
    expect(drawn.length).toBe(5);
    drawn.slice(1).forEach((time, k) => expect(time - at(drawn, k)).toBeGreaterThanOrEqual(200));
  });

  it('is drawn each time where that is quick enough', () => {
    expect(drawings({ cost: 1, gap: 10, end: 1000 }).length).toBe(100);
  });
});
