/** What the graph below the motion draws of the scenes that follow each other: not each of them. */
import { useEffect, useRef, useState } from 'react';
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
  const isSameSight = shown.current.axes.join(' ') === scene.axes.join(' ') && shown.current.theme === scene.theme;
  const isWhole = !isFieldComing || overdue === scene || !isSameSight;
  if (isWhole) shown.current = scene;
  if (!isStartHeld || scene.size > 2) bare.current = null;
  else if (bare.current === null || windowOf(bare.current) !== windowOf(shown.current))
    bare.current = { ...shown.current, runs: [] };
  return bare.current ?? shown.current;
}

/** Which part of the plane the loss was sampled on, and in which colours it is seen. */
const windowOf = ({ field, curve, theme, axes }: Scene): string => {
  const ends = (places: ArrayLike<number> = []) => `${places[0]} ${places[places.length - 1]}`;
  return `${axes} ${theme} ${ends(field?.xs)} ${ends(field?.ys)} ${ends(curve?.xs)}`;
};
