/** Paths that grow and heads that move, above a graph, on the shared clock. Nothing here renders while it plays. */
import { useDeferredValue, useEffect, useRef } from 'react';
import type { ForceArrows } from '../../figures/force-arrows.ts';
import { lookOf } from '../../figures/look.ts';
import { motionPaths } from '../../figures/motion-path.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { arrowLook } from './arrow-canvas.ts';
import { createMotionCanvas, type MotionCanvas } from './motion-canvas.ts';
import type { Plot } from './plot-host.ts';
import { useSameEntries } from './use-same-entries.ts';

export interface MotionLayerProps {
  readonly plot: Plot;
  readonly scene: Scene;
  readonly playback: Playback;
  readonly arrows?: ForceArrows | null;
  /** The paths are drawn whole, too, faintly: the graph below does not have them. */
  readonly showsWhole?: boolean;
}

/** Its own compositor layer: moving heads must not paint the graph below anew. */
const overlay = { position: 'absolute', pointerEvents: 'none', willChange: 'transform' } as const;

export function MotionLayer({ plot, scene, playback, arrows = null, showsWhole = false }: MotionLayerProps) {
  const trail = useRef<HTMLCanvasElement>(null);
  const heads = useRef<HTMLCanvasElement>(null);
  const canvas = useRef<MotionCanvas | null>(null);
  const seen = useDeferredValue(scene); // paths are thinned after what the hand asked for is answered
  const { runs, size, theme } = seen;
  const axes = useSameEntries(seen.axes);

  useEffect(() => {
    if (trail.current === null || heads.current === null) return;
    const motion = createMotionCanvas(trail.current, heads.current);
    if (motion === null) return;
    canvas.current = motion;
    const place = () => {
      motion.setProjector(plot.projector());
      motion.draw(playback.exactStep());
    };
    place();
    const ends = [plot.onPlace(place), playback.onFrame(motion.draw)];
    return () => {
      for (const end of ends) end();
      canvas.current = null;
    };
  }, [plot, playback]);

  useEffect(() => {
    canvas.current?.setPaths(motionPaths({ runs, size, axes }), lookOf(theme).surface, showsWhole);
    canvas.current?.draw(playback.exactStep());
  }, [runs, size, axes, theme, playback, showsWhole]);

  useEffect(() => {
    canvas.current?.setArrows(arrows, arrowLook(theme));
    canvas.current?.draw(playback.exactStep());
  }, [arrows, theme, playback]);

  return (
    <>
      <canvas ref={trail} style={overlay} aria-hidden />
      <canvas ref={heads} style={overlay} aria-hidden />
    </>
  );
}
