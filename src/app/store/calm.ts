/** The store as the page's words read it: while a hand moves something, the picture follows it at once, and all else now and then. */

import type { StoreApi as ZustandStore } from 'zustand/vanilla';
import { type Clock, pageClock } from '../pace.ts';
import type { Store } from './store.ts';

/** What reads a state, and is told of the next. */
export type Calm = Pick<ZustandStore<Store>, 'getState' | 'getInitialState' | 'subscribe'>;

/** A hand that keeps still for so long rests: what it asked for is there, and the words follow. */
const REST_MS = 150;
/** Of a hand that never rests, the words follow no sooner than after this. */
const LEAST_MS = 200;
/** And after so many times as long as they took: on a slow machine the rest of the time is the picture's. */
const SHARE = 15;
/** But no later than this. */
const MOST_MS = 1000;

/** Text, facts and results are of one place: none of them waits for another. */
const isWhole = ({ phase, studied, experiment }: Store): boolean =>
  phase === 'idle' && studied?.text === experiment.problem;

/** So often it is looked whether the hand rests. */
const LOOK_MS = 50;

/**
 * The state of the store, except while a hand holds something: then the state of a moment ago, the same for all who ask. Listeners are
 * called when it changes, and once when the hand lets go.
 */
export function calmly(store: Calm, { now, later }: Clock = pageClock): Calm {
  const listeners = new Set<(state: Store, before: Store) => void>();
  let told = store.getState();
  /** The first change that was not told, and the newest. */
  let beganAt = 0;
  let changedAt = 0;
  let took = 0;
  let isWaiting = false;
  /** It is time, once the page is whole again. */
  let isDue = false;

  function tell() {
    const [before, began] = [told, now()];
    told = store.getState();
    isDue = false;
    beganAt = began;
    for (const listener of listeners) listener(told, before);
    if (!told.isInHand) return;
    later(() => {
      // what it set off is done by then
      took = now() - began;
    }, 0);
  }

  function look() {
    isWaiting = false;
    const state = store.getState();
    if (state === told) return;
    const next = beganAt + Math.min(MOST_MS, Math.max(LEAST_MS, SHARE * took));
    const wait = Math.min(next, state.phase === 'idle' ? changedAt + REST_MS : next) - now();
    const most = beganAt + MOST_MS - now();
    if (wait <= 0 && (isWhole(state) || most <= 0)) return tell();
    isDue = wait <= 0;
    isWaiting = true;
    later(look, Math.min(LOOK_MS, isDue ? most : wait));
  }

  store.subscribe((state) => {
    changedAt = now();
    if (!state.isInHand || (isDue && isWhole(state))) return tell();
    if (isWaiting) return;
    beganAt = changedAt;
    look();
  });

  return {
    getState: () => told,
    getInitialState: store.getInitialState,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
