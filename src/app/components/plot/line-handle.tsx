/** The line of a constraint as a thing to take: an arrow across it. */
import { useState } from 'react';
import classes from './drag-handle.module.css';
import { DragHandle } from './drag-handle.tsx';
import type { Plot } from './plot-host.ts';
import { type Point, screenAngle, useRedrawOnPlace } from './plot-point.ts';

interface LineHandleProps {
  readonly plot: Plot;
  /** The constraint, as typed. */
  readonly text: string;
  readonly line: number;
  /** On the line, and its normal there. */
  readonly point: Point;
  readonly normal: Point;
  /** Resolves once the runs on the moved constraint are shown. */
  readonly onMove: (point: Point) => Promise<void>;
  readonly onHeld: (isHeld: boolean) => void;
}

export function LineHandle({ plot, text, line, point, normal, onMove, onHeld }: LineHandleProps) {
  const [isPlacing, onPlacing] = useState(false);
  useRedrawOnPlace(plot); // it turns with the scales
  const angle = screenAngle(plot, normal);
  return (
    <DragHandle
      plot={plot}
      point={point}
      label={`Constraint ${text} in line ${line}. Drag it, click it and then where it should pass, or move it with the arrow keys`}
      hint={`Drag ${text}: the number in the text follows`}
      request={`Pick where ${text} should pass`}
      layerLabel="Let the constraint pass here"
      className={classes.line ?? ''}
      style={{ '--across': `${angle}deg` }}
      isSideways={Math.abs(Math.cos((angle * Math.PI) / 180)) > SIDEWAYS}
      isPlacing={isPlacing}
      onPlacing={onPlacing}
      onMove={onMove}
      onHeld={onHeld}
    >
      <svg viewBox="-11 -6 22 12" fill="none" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
        <path className={classes.halo} d={ARROW} />
        <path className={classes.arrow} d={ARROW} />
      </svg>
    </DragHandle>
  );
}

/** The cosine of some 20°. */
const SIDEWAYS = 0.94;

const ARROW = 'M-10 0H10M-6 -4L-10 0L-6 4M6 -4L10 0L6 4';
