/** Colour and mark of a run, as in the figures; pressing it chooses another colour. */
import { useComputedColorScheme } from '@mantine/core';
import { runStyle } from '../figures/run-style.ts';
import classes from './run-swatch.module.css';

interface RunSwatchProps {
  readonly index: number;
  readonly color: string | undefined;
  readonly name: string;
  readonly onChange: (color: string) => void;
}

const dashArrays = {
  solid: '',
  dash: '5 3',
  dot: '1.5 2.5',
  dashdot: '5 2 1.5 2',
  longdash: '8 3',
  longdashdot: '8 2 1.5 2',
};

export function RunSwatch({ index, color, name, onChange }: RunSwatchProps) {
  const style = runStyle(index, useComputedColorScheme('light'));
  const shown = color ?? style.color;
  return (
    <label className={classes.swatch} title="Colour">
      <svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">
        <line x1="1" x2="21" y1="6" y2="6" stroke={shown} strokeWidth="2.5" strokeDasharray={dashArrays[style.dash]} />
        <circle cx="11" cy="6" r="3.5" fill={shown} />
      </svg>
      <input
        type="color"
        aria-label={`Colour of ${name}`}
        value={shown}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
