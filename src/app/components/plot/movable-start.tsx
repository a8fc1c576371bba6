/** The start of all runs as a handle in the picture, on its one or two axes: the other entries stay. */
import { useRef } from 'react';
import type { Curve, Scene } from '../../figures/scene.ts';
import type { Placing } from './drag-handle.tsx';
import type { Plot } from './plot-host.ts';
import type { Point } from './plot-point.ts';
import { StartHandle } from './start-handle.tsx';

interface MovableStartProps extends Placing {
  readonly plot: Plot;
  readonly scene: Scene;
  readonly onStart: (start: readonly number[]) => Promise<void>;
  readonly onHeld: (isHeld: boolean) => void;
}

export function MovableStart({ plot, scene, onStart, ...placing }: MovableStartProps) {
  const { axes, start, parameterNames } = scene;
  const [first, second] = axes;
  // A start that moves is a new text, whose curve is sampled while the hand is still down: meanwhile the one before holds.
  const sampled = useRef(scene.curve);
  if (scene.curve) sampled.current = scene.curve;
  const curve = sampled.current;
  const x = start[first];
  const y = second === undefined ? heightOn(curve, x ?? 0) : start[second];
  if (axes.length > 2 || x === undefined || y === undefined) return null;
  const move = (point: Point) =>
    onStart(start.map((entry, i) => (i === first ? point[0] : i === second ? point[1] : entry)));
  const name = parameterNames[first] ?? '';
  return (
    <StartHandle
      plot={plot}
      names={second === undefined ? [name] : [name, parameterNames[second] ?? '']}
      start={[x, y]}
      heightAt={second === undefined ? (at) => heightOn(curve, at) ?? y : undefined}
      onStart={move}
      {...placing}
    />
  );
}

/** Linear between the points of the curve, whose abscissas ascend; undefined outside of them and where there is no finite value. */
export function heightOn(curve: Curve | undefined, x: number): number | undefined {
  if (!curve) return undefined;
  const { xs, values } = curve;
  for (let i = 1; i < xs.length; i++) {
    const [from, to] = [xs[i - 1] ?? 0, xs[i] ?? 0];
    if (x < from || x > to || from === to) continue;
    const share = (x - from) / (to - from);
    const height = (1 - share) * (values[i - 1] ?? Number.NaN) + share * (values[i] ?? Number.NaN);
    return Number.isFinite(height) ? height : undefined;
  }
  return undefined;
}
