/** The layer that plays all entries: it draws while the playhead moves, and gives way once the graph below has caught up. */
import { useEffect, useRef } from 'react';
import type { Playback } from '../../playback/playback.ts';
import type { DrawEntries } from './entries-canvas.ts';
import { fitCanvas } from './fit-canvas.ts';
import type { Plot } from './plot-host.ts';

interface EntriesLayerProps {
  readonly plot: Plot;
  readonly playback: Playback;
  readonly draw: DrawEntries;
  readonly isMoving: boolean;
}

export function EntriesLayer({ plot, playback, draw, isMoving }: EntriesLayerProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const clear = () => {
      const { clientWidth: width, clientHeight: height } = plot.element;
      fitCanvas(context, { width, height });
      context.clearRect(0, 0, width, height);
    };
    if (!isMoving) return plot.onPlace(clear);
    const frame = (step: number) => {
      clear();
      draw(context, plot.element, step);
    };
    const ends = [plot.onPlace(() => frame(playback.exactStep())), playback.onFrame(frame)];
    return () => {
      for (const end of ends) end();
    };
  }, [plot, playback, draw, isMoving]);
  return (
    <canvas
      ref={canvas}
      aria-hidden
      style={{ position: 'absolute', inset: 0, width: '100%', height: '100%', pointerEvents: 'none' }}
    />
  );
}
