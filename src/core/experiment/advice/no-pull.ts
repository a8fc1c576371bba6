/** Of a run that rests off its constraints, where what is broken has no slope: that nothing pulls it back there. */
import { listed } from '../../analysis/wording.ts';
import type { Advice } from '../../contracts.ts';
import { at } from '../../diagnostic.ts';
import type { Problem } from '../../problem/problem.ts';
import { firstOrder } from '../../run/first-order.ts';
import { isKept } from '../../run/verdict.ts';
import { euclideanNorm, maximumNorm } from '../../tensor/norms.ts';
import type { Ended } from './advice.ts';

/** Records at the end in which it moves by less than `STILL`, relative to 1 + |x|∞. */
const LAST = 5;
const STILL = 1e-9;
/** ‖Jᵀv‖ of the violations v below this share of ‖v‖ · (1 + ‖J‖) is 0. */
const NONE = 1e-7;

/** Null where the last point keeps its constraints, moves, or is pulled: Jᵀv is the slope of ½‖v‖². */
export function adviceOnNoPull(problem: Problem, { iterates, violation, executor }: Ended): Advice | null {
  const [n, records] = [problem.size, violation.length];
  const x = iterates.slice(-n);
  const scale = 1 + maximumNorm(x);
  if (records <= LAST || isKept(at(violation, records - 1), scale - 1, executor)) return null;
  const late = iterates.subarray(-LAST * n);
  if (!late.every((entry, i) => Math.abs(entry - at(x, i % n)) <= STILL * scale)) return null;
  const of = firstOrder(problem);
  const { residual, jacobian } = of(x);
  const broken = residual.map((value, row) => (at(of.relations, row) === 'equality' ? value : Math.max(value, 0)));
  const pull = Float64Array.from({ length: n }, (_, j) =>
    broken.reduce((sum, value, row) => sum + value * at(jacobian.data, row * n + j), 0),
  );
  if (!(euclideanNorm(pull) <= NONE * euclideanNorm(broken) * (1 + euclideanNorm(jacobian.data)))) return null;
  let row = 0;
  const lines = problem.constraints.flatMap(({ line, rows }) => {
    row += rows;
    return broken.subarray(row - rows, row).some((value) => Math.abs(value) > STILL * scale) ? [line] : [];
  });
  const who = listed([...new Set(lines)].map((line) => `line ${line}`));
  return {
    message: `It rests off ${who}: at this point what is broken has no slope, so no small step makes it hold better. Another start leads elsewhere.`,
  };
}
