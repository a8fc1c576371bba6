/** Colour and mark of a run, as in the figures; pressing it chooses another colour. */
import { useComputedColorScheme } from '@mantine/core';
import { runStyle } from '../figures/run-style.ts';
import { RunSample } from './run-sample.tsx';
import classes from './run-swatch.module.css';

interface RunSwatchProps {
  readonly index: number;
  readonly color: string | undefined;
  readonly name: string;
  readonly onChange: (color: string) => void;
}

export function RunSwatch({ index, color, name, onChange }: RunSwatchProps) {
  const style = runStyle(index, useComputedColorScheme('light'));
  const shown = color ?? style.color;
  return (
    <label className={classes.swatch} title="Colour">
      <RunSample {...style} color={shown} />
      <input
        type="color"
        aria-label={`Colour of ${name}`}
        value={shown}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
