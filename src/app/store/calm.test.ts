import { describe, expect, it } from 'vitest';
import { createStore as createZustandStore } from 'zustand/vanilla';
import { at } from '../../core/diagnostic.ts';
import { type Calm, calmly } from './calm.ts';
import type { Store } from './store.ts';

/** A page that takes `cost` to say what is new; changes come every `gap` ms until `end`. Times at which it says something. */
function said({ cost = 0, gap = 16, end = 3000, isInHand = true, phase = 'idle' as Store['phase'] }) {
  let time = 0;
  const turns: { at: number; turn: () => void }[] = [];
  const later = (turn: () => void, ms: number) => void turns.push({ at: time + ms, turn });
  const store = createZustandStore(() => ({
    isInHand,
    phase,
    token: 0,
    studied: { text: '' },
    experiment: { problem: '' },
  }));
  const calm = calmly(store as unknown as Calm, { now: () => time, later });
  const times: number[] = [];
  calm.subscribe((state) => {
    expect(state).toBe(store.getState());
    expect(calm.getState()).toBe(state);
    times.push(time);
    later(() => {
      time += cost;
    }, 0);
  });
  const changes = Math.floor(end / gap);
  for (let k = 1; k <= changes; k++) turns.push({ at: k * gap, turn: () => store.setState({ token: k }) });
  const run = (until: number) => {
    while (turns.length > 0) {
      turns.sort((one, other) => one.at - other.at);
      if (at(turns, 0).at > until) return;
      const [{ at: due, turn }] = turns.splice(0, 1) as [(typeof turns)[number]];
      time = Math.max(time, due);
      turn();
    }
  };
  return { store, calm, times, run, changes };
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, k) => time - at(times, k));

describe('what the page says', () => {
  it('follows each change while no hand holds anything', () => {
    const { times, run, changes } = said({ isInHand: false });
    run(5000);
    expect(times).toHaveLength(changes);
  });

  it('follows a hand that never rests five times a second at most, and at last', () => {
    const { times, run, store, calm } = said({});
    run(2999);
    expect(times.length).toBeLessThanOrEqual(15);
    expect(times.length).toBeGreaterThanOrEqual(10);
    expect(Math.min(...gaps(times))).toBeGreaterThanOrEqual(200);
    run(5000);
    expect(calm.getState()).toBe(store.getState());
  });

  it('takes a sixteenth of the time at most where it is slow to draw', () => {
    const { times, run } = said({ cost: 40 });
    run(2999);
    expect(times.length).toBeGreaterThan(2);
    for (const gap of gaps(times).slice(1)) expect(gap).toBeGreaterThanOrEqual(16 * 40);
  });

  it('is of one place: it waits for results that are on their way, a second at most', () => {
    const { times, run, store } = said({ phase: 'running', end: 850 });
    run(849);
    expect(times).toEqual([]);
    store.setState({ phase: 'idle' });
    expect(times).toHaveLength(1);
    const slow = said({ phase: 'running' });
    slow.run(2900);
    expect(slow.times).toHaveLength(2);
  });

  it('is never much older than a second', () => {
    const { times, run } = said({ cost: 300, end: 6000 });
    run(5999);
    for (const gap of gaps(times)) expect(gap).toBeLessThan(1000 + 300 + 16);
  });

  it('follows a hand that rests, once all it asked for is there', () => {
    const { store, calm, times, run } = said({ cost: 40, end: 1 });
    store.setState({ token: -1 });
    run(149);
    expect(times).toEqual([]);
    run(1000);
    expect(times).toEqual([150]);
    expect(calm.getState()).toBe(store.getState());
  });

  it('says all at once when the hand lets go', () => {
    const { store, calm, times } = said({ end: 1 });
    store.setState({ token: -1 });
    expect(times).toEqual([]);
    store.setState({ isInHand: false });
    expect(times).toEqual([0]);
    expect(calm.getState()).toBe(store.getState());
  });

  it('says nothing where nothing has changed', () => {
    const { times, run } = said({ end: 1 });
    run(5000);
    expect(times).toEqual([]);
  });
});
