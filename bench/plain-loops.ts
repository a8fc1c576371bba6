/** The runs of `loops.ts` written plainly for this one problem, as one would without a playground. Float64, plain arrays. */

type Vector = [number, number, number];

/** A⁺ of [[1, 1, 0], [0, 1, 1]]. */
const INVERSE = [
  [2 / 3, -1 / 3],
  [1 / 3, 1 / 3],
  [-1 / 3, 2 / 3],
] as const;

/** x ← x − A⁺(A x − b). */
function project(x: Vector): void {
  const r0 = x[0] + x[1] - 1;
  const r1 = x[1] + x[2] - 0.5;
  x[0] -= INVERSE[0][0] * r0 + INVERSE[0][1] * r1;
  x[1] -= INVERSE[1][0] * r0 + INVERSE[1][1] * r1;
  x[2] -= INVERSE[2][0] * r0 + INVERSE[2][1] * r1;
}

export function projectedGradient([a, b, c]: Vector, steps: number, rate: number): Vector {
  const x: Vector = [a, b, c];
  for (let t = 0; t < steps; t++) {
    x[0] -= rate * 2 * (x[0] - 2);
    x[1] -= rate * 2 * (x[1] + 1);
    x[2] -= rate * 2 * x[2];
    project(x);
  }
  return x;
}

export function projectedAdam([a, b, c]: Vector, steps: number, rate: number): Vector {
  const x: Vector = [a, b, c];
  const mean: Vector = [0, 0, 0];
  const square: Vector = [0, 0, 0];
  const gradient: Vector = [0, 0, 0];
  let [decay1, decay2] = [1, 1];
  for (let t = 0; t < steps; t++) {
    decay1 *= 0.9;
    decay2 *= 0.999;
    gradient[0] = 2 * (x[0] - 2);
    gradient[1] = 2 * (x[1] + 1);
    gradient[2] = 2 * x[2];
    const scale = rate / (1 - decay1);
    const root = Math.sqrt(1 - decay2);
    for (const i of [0, 1, 2] as const) {
      mean[i] = 0.9 * mean[i] + (1 - 0.9) * gradient[i];
      square[i] = 0.999 * square[i] + (1 - 0.999) * gradient[i] * gradient[i];
      x[i] -= (scale * mean[i]) / (Math.sqrt(square[i]) / root + 1e-8);
    }
    project(x);
  }
  return x;
}

/** x = x_p + n v with n = (1, −1, 1)/√3 and x_p = A⁺ b. */
export function nullSpace([a, b, c]: Vector, steps: number, rate: number): Vector {
  const n = 1 / Math.sqrt(3);
  const p: Vector = [
    INVERSE[0][0] + 0.5 * INVERSE[0][1],
    INVERSE[1][0] + 0.5 * INVERSE[1][1],
    INVERSE[2][0] + 0.5 * INVERSE[2][1],
  ];
  let v = n * (a - p[0]) - n * (b - p[1]) + n * (c - p[2]);
  for (let t = 0; t < steps; t++) {
    v -= rate * n * (2 * (p[0] + n * v - 2) - 2 * (p[1] - n * v + 1) + 2 * (p[2] + n * v));
  }
  return [p[0] + n * v, p[1] - n * v, p[2] + n * v];
}

export function penalty([a, b, c]: Vector, steps: number, rate: number, rho: number): Vector {
  const x: Vector = [a, b, c];
  for (let t = 0; t < steps; t++) {
    const r0 = rho * (x[0] + x[1] - 1);
    const r1 = rho * (x[1] + x[2] - 0.5);
    const [g0, g1, g2] = [2 * (x[0] - 2) + r0, 2 * (x[1] + 1) + r0 + r1, 2 * x[2] + r1];
    x[0] -= rate * g0;
    x[1] -= rate * g1;
    x[2] -= rate * g2;
  }
  return x;
}
