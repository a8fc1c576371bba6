/** A line at the playhead above a chart: an element that is translated, not a shape that Plotly lays out anew. */
import { useEffect, useRef } from 'react';
import type { Playback } from '../../playback/playback.ts';
import type { Plot } from './plot-host.ts';
import { readAxis } from './projector.ts';

export interface ChartCursorProps {
  readonly plot: Plot;
  readonly playback: Playback;
  /** Names of the axes in Plotly's layout. */
  readonly xAxis: 'xaxis' | 'xaxis2';
  readonly yAxis: 'yaxis' | 'yaxis2';
  readonly logTime: boolean;
  readonly color: string;
}

export function ChartCursor({ plot, playback, xAxis, yAxis, logTime, color }: ChartCursorProps) {
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const move = (step: number) => {
      const x = readAxis(plot.element, xAxis);
      if (line.current === null || x === null) return;
      const [from, to] = x.range;
      const value = logTime ? Math.log10(step + 1) : step;
      const share = (value - from) / (to - from);
      line.current.style.transform = `translateX(${x._offset + share * x._length}px)`;
      line.current.style.visibility = share >= 0 && share <= 1 ? 'visible' : 'hidden';
    };
    const place = () => {
      const y = readAxis(plot.element, yAxis);
      if (line.current !== null && y !== null) {
        line.current.style.top = `${y._offset}px`;
        line.current.style.height = `${y._length}px`;
      }
      move(playback.exactStep());
    };
    place();
    const ends = [plot.onPlace(place), playback.onFrame(move)];
    return () => {
      for (const end of ends) end();
    };
  }, [plot, playback, xAxis, yAxis, logTime]);
  return (
    <div
      ref={line}
      aria-hidden
      style={{
        position: 'absolute',
        left: -0.5,
        width: 1,
        background: color,
        pointerEvents: 'none',
        willChange: 'transform',
      }}
    />
  );
}
