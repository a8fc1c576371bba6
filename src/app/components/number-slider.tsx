/** A slider for the number under the cursor: what it writes is text, like anything typed. */
import { Slider, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { numberAt, type WrittenNumber, withNumber } from '../../core/language/number-at.ts';
import classes from './number-slider.module.css';
import { useHold } from './use-hold.ts';

/** Where a slider was called up: a position in the number, and the number that it had there, about which the slider reaches. */
export interface NumberPlace {
  readonly position: number;
  readonly centre: number;
}

/** The place at a cursor; null beside numbers that a hand may change. */
export function numberPlace(text: string, cursor: number): NumberPlace | null {
  const number = numberAt(text, cursor);
  return number && { position: cursor, centre: number.value };
}

interface Reach {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

const WHOLE_REACH = 4;

/** To both sides twice as far as the number is from 0, in steps of the last but one of its digits; exponents by whole steps. */
export function reachAround(centre: number, { value, isExponent }: Pick<WrittenNumber, 'value' | 'isExponent'>): Reach {
  if (isExponent && Number.isInteger(value))
    return { min: Math.max(0, centre - WHOLE_REACH), max: centre + WHOLE_REACH, step: 1 };
  const reach = centre === 0 ? 1 : 2 * Math.abs(centre);
  const step = 10 ** (Math.floor(Math.log10(reach)) - 1);
  return { min: tidy(centre - reach), max: tidy(centre + reach), step };
}

const tidy = (value: number): number => Number(value.toPrecision(12));

interface NumberSliderProps {
  readonly text: string;
  readonly place: NumberPlace;
  readonly onChange: (text: string, place: NumberPlace) => void;
  /** A hand takes its thumb, or leaves it. */
  readonly onHeld: (isHeld: boolean) => void;
  /** What else can be done with the number. */
  readonly children?: ReactNode;
}

export function NumberSlider({ text, place, onChange, onHeld, children }: NumberSliderProps) {
  const hold = useHold(onHeld);
  const number = numberAt(text, place.position);
  if (number === null) return null;
  const { value, span } = number;
  const near = reachAround(place.centre, number);
  const isNear = value >= near.min && value <= near.max;
  const { min, max, step } = isNear ? near : reachAround(value, number);
  const line = text.slice(0, span[0]).split('\n').length;
  const write = (chosen: number) => {
    const changed = withNumber(text, number, tidy(chosen));
    onChange(changed.text, { position: changed.position, centre: isNear ? place.centre : value });
  };
  return (
    <div className={classes.row}>
      <Text component="span" className={classes.number ?? ''}>
        {value}
      </Text>
      <Slider
        className={classes.slider ?? ''}
        size={4}
        thumbSize={18}
        min={min}
        max={max}
        step={step}
        value={value}
        label={null}
        thumbLabel={`The number ${value} in line ${line}`}
        onChange={write}
        onPointerDown={hold}
        onKeyDown={hold}
      />
      <Text component="span" size="xs" c="dimmed">
        line {line}
      </Text>
      {children}
    </div>
  );
}
