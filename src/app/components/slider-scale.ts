/** Where a slider's handle stands for a value, on a linear or a logarithmic scale. */
import type { ValueSetting } from '../../core/contracts.ts';

export interface SliderScale {
  readonly min: number;
  readonly max: number;
  readonly step: number;
  toPosition(value: number): number;
  toValue(position: number): number;
  /** The next value for an arrow key. */
  neighbour(value: number, direction: 1 | -1): number;
}

/** Decades on each side of the default. */
const DECADES = 3;
const RATIO = 10 ** 0.05;

const clamp = (value: number, least: number, greatest: number): number => Math.min(greatest, Math.max(least, value));
const threeDigits = (value: number): number => Number(value.toPrecision(3));

function logScale({ default: preset, range: [least, greatest] }: ValueSetting): SliderScale {
  const centre = preset > 0 ? preset : 1;
  const min = Math.log10(Math.max(least, centre / 10 ** DECADES));
  const max = Math.log10(Math.min(greatest, centre * 10 ** DECADES));
  return {
    min,
    max,
    step: 0.01,
    toPosition: (value) => clamp(value > 0 ? Math.log10(value) : min, min, max),
    toValue: (position) => clamp(threeDigits(10 ** position), least, greatest),
    neighbour: (value, direction) => threeDigits(value > 0 ? value * RATIO ** direction : 10 ** min),
  };
}

function linearScale({ default: preset, range: [least, greatest] }: ValueSetting): SliderScale {
  const reach = 10 * Math.max(Math.abs(preset), 0.1); // of a range far wider than its default, the part near zero
  const min = Math.max(least, -reach);
  const max = greatest - least <= 10 ? greatest : Math.min(greatest, reach);
  const step = (max - min) / 200;
  return {
    min,
    max,
    step,
    toPosition: (value) => clamp(value, min, max),
    toValue: (position) => clamp(threeDigits(position), least, greatest),
    neighbour: (value, direction) => threeDigits(value + direction * step),
  };
}

export const sliderScale = (setting: ValueSetting): SliderScale =>
  setting.scale === 'log' ? logScale(setting) : linearScale(setting);
