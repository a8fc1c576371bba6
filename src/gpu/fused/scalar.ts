/** Numbers in generated WGSL. All text is of our making and ASCII; no literal leaves the range of f32. */

/** One number or truth value of the kernel: text that may stand as an operand. */
export interface Scalar {
  readonly text: string;
  readonly kind: 'number' | 'truth';
  /** Its value, where it is known. */
  readonly literal: number | null;
}

const LARGEST = 3.4028234663852886e38; // the largest f32

/** The shortest decimal that is read back as the same f32; negative numbers in parentheses, because `a - -1.0` does not parse. */
function decimal(value: number): string {
  const rounded = Math.fround(Math.min(LARGEST, Math.max(-LARGEST, value))); // a bound of `inf` becomes the largest f32
  for (let digits = 1; digits <= 9; digits++) {
    const text = Math.abs(rounded).toPrecision(digits);
    // Rounded up, the text of the largest f32 would be beyond it.
    if (Number(text) <= LARGEST && Math.fround(Number(text)) === Math.abs(rounded))
      return signed(rounded, shortened(text));
  }
  return signed(rounded, shortened(String(Math.abs(rounded))));
}

const signed = (value: number, magnitude: string): string =>
  value < 0 || Object.is(value, -0) ? `(-${magnitude})` : magnitude;

/** `5e-7` and `1e+21` are f32 literals as they are; whole numbers need a point. */
function shortened(text: string): string {
  const plain = text.replace('e+', 'e');
  return /[.e]/.test(plain) ? plain : `${plain}.0`;
}

/** A number as a literal. NaN has none. */
export const literal = (value: number): Scalar => ({ text: decimal(value), kind: 'number', literal: value });

export const variable = (text: string): Scalar => ({ text, kind: 'number', literal: null });

export const asNumber = ({ text, kind }: Scalar): string => (kind === 'truth' ? `f32(${text})` : text);

export const asTruth = ({ text, kind }: Scalar): string => (kind === 'truth' ? text : `(${text} != 0.0)`);
