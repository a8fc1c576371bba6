/**
 * WGSL functions for what WGSL itself computes too loosely, or differently from Float64 outside the domain.
 * Coefficients: Moshier, Cephes Mathematical Library, single precision (sinf, cosf, expf, logf, tanhf).
 * NaN is found by its bits: compilers of shaders may assume that there is none, by which `x != x` is false, and `max(NaN, 0)` and
 * `select(NaN, 0, NaN < 0)` are 0.
 */
import randomFunctions from '../../../shaders/random_functions.wgsl?raw';

export type FunctionName =
  | 'sine'
  | 'cosine'
  | 'exponential'
  | 'logarithm'
  | 'hyperbolic_tangent'
  | 'square_root'
  | 'real_power'
  | 'larger'
  | 'smaller'
  | 'not_a_number'
  | 'quadrant_sine'
  | 'random_functions';

interface WgslFunction {
  readonly needs: readonly FunctionName[];
  readonly code: string;
}

export const FUNCTIONS: Readonly<Record<FunctionName, WgslFunction>> = {
  not_a_number: {
    needs: [],
    code: `
fn not_a_number(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`,
  },
  // sin(r + quadrant * pi/2) for r = x - turns * pi/2, with pi/2 in three parts (Cody and Waite). Some 10^8 from 0, the neighbours of x are
  // whole turns away: r is not known, and taken as 0, so that the sine of every number is in [-1, 1]
  quadrant_sine: {
    needs: [],
    code: `
fn quadrant_sine(x: f32, ahead: u32) -> f32 {
  let turns = round(x * 0.63661977);
  let rest = fma(-turns, 7.5497899548e-8, fma(-turns, 4.837512969970703e-4, fma(-turns, 1.5703125, x)));
  let r = select(rest, 0.0, (bitcast<u32>(rest) & 0x7fffffffu) - 0x3f800000u < 0x40000000u); // at least 1, and no NaN
  let r2 = r * r;
  let sine = fma(r * r2, fma(r2, fma(r2, -1.9515295891e-4, 8.3321608736e-3), -1.6666654611e-1), r);
  let cosine = fma(r2 * r2, fma(r2, fma(r2, 2.443315711809948e-5, -1.388731625493765e-3), 4.166664568298827e-2), fma(r2, -0.5, 1.0));
  let quadrant = bitcast<u32>(i32(turns)) + ahead;
  let value = select(sine, cosine, (quadrant & 1u) == 1u);
  return select(value, -value, (quadrant & 2u) == 2u);
}`,
  },
  sine: {
    needs: ['quadrant_sine'],
    code: `
fn sine(x: f32) -> f32 {
  return quadrant_sine(x, 0u);
}`,
  },
  cosine: {
    needs: ['quadrant_sine'],
    code: `
fn cosine(x: f32) -> f32 {
  return quadrant_sine(x, 1u);
}`,
  },
  // exp(x) = 2^k exp(r); the power of two in two factors, so that the largest results do not overflow early
  exponential: {
    needs: [],
    code: `
fn exponential(x: f32) -> f32 {
  let k = clamp(round(x * 1.44269504), -150.0, 129.0);
  let r = fma(-k, -2.12194440e-4, fma(-k, 0.693359375, x));
  let p = fma(r, fma(r, fma(r, fma(r, fma(r, 1.9875691500e-4, 1.3981999507e-3), 8.3334519073e-3), 4.1665795894e-2), 1.6666665459e-1), 5.0000001201e-1);
  let whole = i32(k);
  let half = whole / 2;
  let scaled = (fma(p, r * r, r) + 1.0) * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((whole - half + 127) << 23u);
  return select(scaled, 0.0, bitcast<u32>(x) - 0xc2d00001u < 0x3cb00000u); // below -104: these bits, and no NaN
}`,
  },
  // log(x) = e log 2 + log(m), m in [sqrt(1/2), sqrt(2)); minus infinity at 0, NaN below
  logarithm: {
    needs: [],
    code: `
fn logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let shifted = bits - 0x3f3504f3u;
  let e = f32(bitcast<i32>(shifted) >> 23u);
  let f = bitcast<f32>((shifted & 0x007fffffu) + 0x3f3504f3u) - 1.0;
  let f2 = f * f;
  let low = fma(f, fma(f, fma(f, fma(f, 7.0376836292e-2, -1.1514610310e-1), 1.1676998740e-1), -1.2420140846e-1), 1.4249322787e-1);
  let p = fma(f, fma(f, fma(f, fma(f, low, -1.6668057665e-1), 2.0000714765e-1), -2.4999993993e-1), 3.3333331174e-1);
  let value = fma(e, 0.693359375, f + fma(f2, -0.5, fma(e, -2.12194440e-4, f * f2 * p)));
  let at_zero = select(bits | select(0u, 0x7fc00000u, x < 0.0), 0xff800000u, (bits & 0x7fffffffu) < 0x00800000u);
  return select(bitcast<f32>(at_zero), value, bits - 0x00800000u < 0x7f000000u);
}`,
  },
  // clamped, because the quotient of exponentials overflows; an odd polynomial near 0
  hyperbolic_tangent: {
    needs: ['exponential'],
    code: `
fn hyperbolic_tangent(x: f32) -> f32 {
  let magnitude = select(abs(x), 15.0, (bitcast<u32>(x) & 0x7fffffffu) - 0x41700001u < 0x3e100000u); // beyond 15
  let x2 = x * x;
  let near = fma(x * x2, fma(x2, fma(x2, fma(x2, fma(x2, -5.70498872745e-3, 2.06390887954e-2), -5.37397155531e-2), 1.33314422036e-1), -3.33332819422e-1), x);
  let far = 1.0 - 2.0 / (exponential(2.0 * magnitude) + 1.0);
  return select(select(far, -far, x < 0.0), near, abs(x) < 0.625);
}`,
  },
  square_root: {
    needs: [],
    code: `
fn square_root(x: f32) -> f32 {
  return select(sqrt(x), bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u), x < 0.0);
}`,
  },
  // x^y = exp(y log |x|), which loses |y log x| units in the last place; below 0 only for whole y. WGSL's pow may lose more.
  real_power: {
    needs: ['exponential', 'logarithm'],
    code: `
fn real_power(x: f32, y: f32) -> f32 {
  let at_zero = select(1.0 / abs(x), 0.0, y > 0.0);
  let magnitude = select(select(exponential(y * logarithm(abs(x))), at_zero, x == 0.0), 1.0, y == 0.0);
  let whole = floor(y) == y;
  let odd = floor(y * 0.5) * 2.0 != y;
  let below = select(bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u), select(magnitude, -magnitude, odd), whole);
  return select(magnitude, below, x < 0.0);
}`,
  },
  // a NaN in either argument is kept, as in Float64
  larger: {
    needs: ['not_a_number'],
    code: `
fn larger(a: f32, b: f32) -> f32 {
  return select(a, b, ((a < b) & !not_a_number(a)) | not_a_number(b));
}`,
  },
  // random_uniform and random_index, with what they need
  random_functions: { needs: [], code: randomFunctions },
  smaller: {
    needs: ['not_a_number'],
    code: `
fn smaller(a: f32, b: f32) -> f32 {
  return select(a, b, ((b < a) & !not_a_number(a)) | not_a_number(b));
}`,
  },
};

/** The named functions with what they need, each once, in the order of the table. */
export function functionsCode(names: Iterable<FunctionName>): string {
  const needed = new Set<FunctionName>();
  const add = (name: FunctionName) => {
    for (const need of FUNCTIONS[name].needs) add(need);
    needed.add(name);
  };
  for (const name of names) add(name);
  return [...needed].map((name) => FUNCTIONS[name].code.trim()).join('\n\n');
}
