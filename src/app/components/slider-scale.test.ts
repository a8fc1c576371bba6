import { describe, expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { sliderScale } from './slider-scale.ts';

const settings = [...catalog.methods, ...catalog.optimizers].flatMap(({ id, settings }) =>
  Object.entries(settings).flatMap(([name, setting]) => (setting.role === 'value' ? [{ id, name, setting }] : [])),
);

describe('every slider', () => {
  it.each(settings)('$id: $name has a way to go, and its default in reach', ({ setting }) => {
    const { min, max, toPosition, toValue } = sliderScale(setting);
    expect(max).toBeGreaterThan(min);
    if (setting.default !== 0) expect(toValue(toPosition(setting.default))).toBeCloseTo(setting.default, 10);
  });

  it.each(settings)('$id: $name stays in its range from end to end', ({ setting }) => {
    const { min, max, toValue } = sliderScale(setting);
    for (const position of [min, (min + max) / 2, max]) {
      expect(toValue(position)).toBeGreaterThanOrEqual(setting.range[0]);
      expect(toValue(position)).toBeLessThanOrEqual(setting.range[1]);
    }
  });
});
