/** A piece of a run's path, as the figures draw it: colour, dashes and marker. */
import type { Dash, RunView } from '../figures/scene.ts';
import { markerOutline } from './plot/marker-shapes.ts';

const dashArrays: Readonly<Record<Dash, string>> = {
  solid: '',
  dash: '5 3',
  dot: '1.5 2.5',
  dashdot: '5 2 1.5 2',
  longdash: '8 3',
  longdashdot: '8 2 1.5 2',
};
const RADIUS = 3.75;

export function RunSample({ color, dash, symbol }: Pick<RunView, 'color' | 'dash' | 'symbol'>) {
  const corners = markerOutline(symbol);
  return (
    <svg width="22" height="12" viewBox="-11 -6 22 12" aria-hidden="true" focusable="false">
      <line x1="-10" x2="10" y1="0" y2="0" stroke={color} strokeWidth="2.5" strokeDasharray={dashArrays[dash]} />
      {corners ? (
        <polygon points={corners.join(' ')} transform={`scale(${RADIUS})`} fill={color} />
      ) : (
        <circle r={RADIUS} fill={color} />
      )}
    </svg>
  );
}
