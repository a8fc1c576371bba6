/** What the graph below the motion draws of the scenes that follow each other: not each of them. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { Range } from '../../figures/figure.ts';
import type { Scene } from '../../figures/scene.ts';

/** A figure waits so long for the loss around it, then is drawn without. */
const FIELD_PATIENCE_MS = 250;

/**
 * What the graph below the motion draws. A scene whose loss is on its way waits in the place of the one before, so that it is drawn
 * once. While a hand holds the start, of two entries or of one, loss and feasible set stay as they are: then the runs are left to the
 * layer above, and the graph is not drawn anew.
 */
export function useStillScene(scene: Scene, isFieldComing: boolean, isStartHeld: boolean): Scene {
  const shown = useRef(scene);
  const bare = useRef<Scene | null>(null);
  const [overdue, setOverdue] = useState<Scene | null>(null);
  useEffect(() => {
    if (!isFieldComing) return;
    const timer = setTimeout(() => setOverdue(scene), FIELD_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isFieldComing, scene]);
  const isWhole = !isFieldComing || overdue === scene || !isSameSight(shown.current, scene);
  if (isWhole) shown.current = scene;
  if (!isStartHeld || scene.size > 2) bare.current = null;
  else if (bare.current === null || windowOf(bare.current) !== windowOf(shown.current))
    bare.current = { ...shown.current, runs: [] };
  return bare.current ?? shown.current;
}

/** So long the drawing that stood on the page before goes on moving there, for a first figure that has the loss around it. */
const FIRST_PATIENCE_MS = 400;

/** Whether the first figure waits for the loss around it. */
export function useIsFirstAwaited(isDrawn: boolean, isFieldComing: boolean): boolean {
  const [isOverdue, setOverdue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setOverdue(true), FIRST_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return !isDrawn && isFieldComing && !isOverdue;
}

const isSameSight = (one: Scene, other: Scene): boolean =>
  one.axes.join(' ') === other.axes.join(' ') && one.theme === other.theme;

/** A scene and the part of it that is shown, as they are drawn. */
export interface Drawn {
  readonly still: Scene;
  readonly view: readonly Range[];
}

/** Drawn in turns, once what the hand asked for is answered; at once where nothing is drawn yet, or the reader chose another sight. */
export function useDrawn(still: Scene, view: readonly Range[], isFirst: boolean): Drawn {
  const now = useMemo(() => ({ still, view }), [still, view]);
  const later = useDeferredValue(now);
  return !isFirst && isSameSight(later.still, still) ? later : now;
}

/** Which part of the plane the loss was sampled on, and in which colours it is seen. */
const windowOf = ({ field, curve, theme, axes }: Scene): string => {
  const ends = (places: ArrayLike<number> = []) => `${places[0]} ${places[places.length - 1]}`;
  return `${axes} ${theme} ${ends(field?.xs)} ${ends(field?.ys)} ${ends(curve?.xs)}`;
};
