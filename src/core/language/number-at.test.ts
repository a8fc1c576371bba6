import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberAt, withNumber } from './number-at.ts';
import { parse } from './parse.ts';

/** The number at the mark `|`. */
function marked(text: string) {
  const position = text.indexOf('|');
  const plain = text.replace('|', '');
  const found = numberAt(plain, position);
  return found && { written: plain.slice(...found.span), value: found.value, isExponent: found.isExponent };
}

describe('the number under the cursor', () => {
  it.each([
    ['minimize (x - 0.|4)^2', '0.4', 0.4, false],
    ['minimize (x - 0.4|)^2', '0.4', 0.4, false],
    ['minimize (x - |.5e-3)^2', '.5e-3', 5e-4, false],
    ['minimize (x - 1)^|2', '2', 2, true],
    ['param w[3] = [0.2, -0.|4, 1]', '-0.4', -0.4, false],
    ['param x = -|2', '-2', -2, false],
    ['x >= 1\n  y <= 1|2', '12', 12, false],
  ])('is found: %s', (text, written, value, isExponent) => {
    expect(marked(text)).toEqual({ written, value, isExponent });
  });

  it.each(['x|1 >= 0', 'param w[|3] = 0', 'w[0, |1] = 1', '# about |2', 'x >= | y', 'w_|2 = 1'])(
    'is none: %s',
    (text) => {
      expect(marked(text)).toBeNull();
    },
  );

  const numbers = fc.double({ min: -100, max: 100, noNaN: true }).map((value) => Number(value.toPrecision(4)));

  it.each(['x - 0.4', 'x + 0.4', '0.4 * x', 'x^0.4', '-0.4 * x', '[1, 0.4] @ [x, 1]', 'x/0.4', 'x - 0.4 + 5'])(
    'can be any other, and the text still reads and has it: %s',
    (loss) => {
      const text = `param x = 1\nminimize ${loss}`;
      fc.assert(
        fc.property(numbers, (value) => {
          const number = numberAt(text, text.indexOf('0.4') + 1) ?? expect.fail('there is a number');
          const changed = withNumber(text, number, value);
          expect(parse(changed.text).ok, changed.text).toBe(true);
          const after = numberAt(changed.text, changed.position);
          expect(after?.value).toBe(value === 0 ? 0 : value);
          const back = withNumber(changed.text, after ?? number, number.value);
          expect(back.text, 'and back again').toBe(text);
        }),
      );
    },
  );
});
