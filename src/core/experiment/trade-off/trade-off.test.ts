import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at, invariant } from '../../diagnostic.ts';
import { numberAt } from '../../language/number-at.ts';
import { study } from '../study/study.ts';
import { optimumOfText, type TradeOff, type TradeOffPoint, textsAlong, tradeOffOf, valuesAlong } from './trade-off.ts';

/** The trade-off of the number behind `|`. */
function along(marked: string, values: readonly number[]): TradeOff {
  const text = marked.replace('|', '');
  const number = numberAt(text, marked.indexOf('|'));
  invariant(number, 'a number is marked');
  const points = textsAlong(text, number.span, values).map((each, i): TradeOffPoint => {
    const studied = study(each, 0, catalog);
    invariant(studied.ok, each);
    return { value: at(values, i), found: optimumOfText(studied.value) };
  });
  return tradeOffOf(points);
}

const close = (values: readonly number[], wanted: readonly number[], digits = 6) =>
  values.forEach((value, i) => {
    expect(value).toBeCloseTo(at(wanted, i), digits);
  });

describe('trade-off', () => {
  it('has the price of a constraint as the slope of the least loss: f* = b²/2, λ = −b', () => {
    const values = valuesAlong(-2, 2, 9, 'linear');
    const { loss, entries, multipliers } = along(
      'param x\nparam y\nlet b = |1\nminimize x^2 + y^2\nsubject to\n  budget: x + y = b',
      values,
    );
    close(
      loss.values,
      values.map((b) => b ** 2 / 2),
    );
    for (const { values: own } of entries)
      close(
        own,
        values.map((b) => b / 2),
      );
    expect(multipliers.map(({ name }) => name)).toEqual(['budget']);
    close(
      at(multipliers, 0).values,
      values.map((b) => -b),
    );
  });

  it('is the path of soft thresholds of a penalised distance', () => {
    const c = [3, -2, 0.5];
    const values = valuesAlong(0.25, 4, 8, 'log');
    const { entries, gaps } = along('param w[3]\nminimize 0.5*sum((w - [3, -2, 0.5])^2) + |1*sum(abs(w))', values);
    c.forEach((centre, i) => {
      close(
        at(entries, i).values,
        values.map((weight) => Math.sign(centre) * Math.max(0, Math.abs(centre) - weight)),
      );
    });
    expect(gaps).toEqual([]);
  });

  it('falls off where no point is feasible, and says from where to where', () => {
    const { loss, gaps } = along('param x\nminimize x^2\nsubject to\n  x >= |1\n  x <= 2', [0, 1, 2, 3, 4]);
    close(loss.values.slice(0, 3), [0, 1, 4]);
    expect(loss.values.slice(3)).toEqual([Number.NaN, Number.NaN]);
    expect(gaps).toMatchObject([{ from: 3, to: 4, why: expect.stringContaining('no point meets all constraints') }]);
  });

  it('has a gap in the multipliers where an optimum has none: they grow as a disk shrinks to a point', () => {
    const { loss, multipliers } = along('param x\nminimize x\nsubject to\n  x^2 <= |1', [0, 0.01, 1]);
    close(loss.values, [0, -0.1, -1]);
    expect(at(multipliers, 0).values).toEqual([Number.NaN, expect.closeTo(5, 6), expect.closeTo(0.5, 6)]);
  });

  it('writes what is maximised as it is typed', () => {
    const { loss } = along('param x\nmaximize 2*x\nsubject to\n  x <= |1', [1, 2, 3]);
    close(loss.values, [2, 4, 6]);
  });

  it('has gaps where the number changes the size of the problem', () => {
    const { entries, gaps } = along('param w = zeros(|2)\nminimize sum((w - 1)^2)', [2, 3]);
    expect(entries.map(({ values }) => values.map(Number.isNaN))).toEqual([
      [false, true],
      [false, true],
    ]);
    expect(gaps).toEqual([{ from: 3, to: 3, why: 'The problem has another size there' }]);
  });

  it('sorts what was found in any order', () => {
    const none = { entries: [], rows: [], sense: 'minimize', optimum: null, why: 'none' } as const;
    fc.assert(
      fc.property(fc.uniqueArray(fc.double({ noNaN: true, min: -9, max: 9 })), (values) => {
        const { values: sorted, gaps } = tradeOffOf(values.map((value) => ({ value, found: none })));
        expect(sorted).toEqual([...values].sort((a, b) => a - b));
        expect(gaps.length).toBe(values.length > 0 ? 1 : 0);
      }),
    );
  });
});

describe('values along a range', () => {
  it('have both ends, ascend from the first to the last, and keep steps or ratios equal', () => {
    const size = fc.double({ min: 0.01, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 2, max: 201 }), (from, reach, count) => {
        for (const spacing of ['linear', 'log'] as const) {
          const values = valuesAlong(from, from + reach, count, spacing);
          expect(values.length).toBe(count);
          expect(Math.abs(at(values, 0) / from - 1)).toBeLessThan(1e-11); // 12 digits
          expect(Math.abs(at(values, count - 1) / (from + reach) - 1)).toBeLessThan(1e-11);
          const of = spacing === 'linear' ? (a: number, b: number) => b - a : (a: number, b: number) => Math.log(b / a);
          const steps = values.slice(1).map((value, i) => of(at(values, i), value));
          const rounding = 2e-11 * (spacing === 'linear' ? from + reach : 1); // of four numbers, to 12 digits each
          for (const step of steps) expect(Math.abs(step - at(steps, 0))).toBeLessThan(rounding);
        }
      }),
    );
  });

  it('are even where ratios have no meaning', () => {
    expect(valuesAlong(-1, 1, 3, 'log')).toEqual([-1, 0, 1]);
  });

  it('stand in the text where the number stood', () => {
    const text = 'param x = 1\nminimize (x - 2)^2';
    const number = numberAt(text, text.indexOf('2)'));
    invariant(number, 'a number stands there');
    expect(textsAlong(text, number.span, [-1.5, 3])).toEqual([
      'param x = 1\nminimize (x - (-1.5))^2',
      'param x = 1\nminimize (x - 3)^2',
    ]);
  });
});
