/** Random constraints that one known point meets: nothing may prove that no point does. */
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../catalog/registry.ts';
import { at } from '../../diagnostic.ts';
import { studyStructure } from '../../experiment/study/study.ts';
import { draws } from '../../problem/draws.ts';
import { finished } from '../../stages.ts';
import { maximumNorm } from '../../tensor/norms.ts';
import { curvaturesOf } from '../optimum/curvature.ts';
import { lossAt, modelOf } from '../optimum/model.ts';
import { excludingBoxes } from './boxes.ts';
import { hullElastic } from './questions.ts';

const COUNT = import.meta.env.FEASIBLE_FULL ? 2000 : 60;

type Uniform = () => number;
const pick = <T>(random: Uniform, from: readonly T[]): T => at(from, Math.floor(random() * from.length));
const number = (random: Uniform): string => String(Math.round((random() * 6 - 3) * 4) / 4);

function vector(random: Uniform, depth: number): string {
  const inner = () => vector(random, depth - 1);
  if (depth <= 0) return pick(random, ['x', 'x*x', 'x - 1', `[${number(random)}, 1, -2]*x`]);
  const call = pick(random, ['exp', 'abs', 'sin', 'tanh', 'softplus', 'sigmoid', 'relu', 'sum', 'where', 'square']);
  if (call === 'sum') return `(${inner()} + ${inner()})`;
  if (call === 'where') return `where(x > 0, ${inner()}, ${inner()})`;
  return call === 'square' ? `(${inner()})**2` : `${call}(${inner()})`;
}

function scalar(random: Uniform, depth: number): string {
  const inner = () => scalar(random, depth - 1);
  const entries = () => vector(random, depth - 1);
  if (depth <= 0) return pick(random, ['x[0]', 'x[1]', 'x[2]', 'sum(x)', number(random)]);
  return pick(random, [
    () => `sum(${entries()})`,
    () => `max(${entries()})`,
    () => `min(${entries()})`,
    () => `norm(${entries()})`,
    () => `logsumexp(${entries()})`,
    () => `dot(${entries()}, ${entries()})`,
    () => `exp(${inner()})`,
    () => `log(1 + (${inner()})**2)`,
    () => `sqrt(1 + (${inner()})**2)`,
    () => `(${inner()} - ${inner()})`,
    () => `(${inner()})*(${inner()})`,
    () => `max(${inner()}, ${inner()})`,
    () => `(${inner()})/(1 + (${inner()})**2)`,
    () => `(${inner()})**3`,
  ])();
}

/** Lines that hold at the point, some of them with nothing to spare. */
function lineAt(random: Uniform, point: readonly number[]): string | null {
  const side = scalar(random, 1 + Math.floor(random() * 3));
  const read = studyStructure(`param x[3]\nminimize ${side}`, 0, catalog);
  const value = read.ok ? lossAt(read.value.problem, point) : Number.NaN;
  if (!(Math.abs(value) < 1e6)) return null;
  const room = pick(random, [0, 1e-6, 0.5]);
  return pick(random, [`${side} = ${value}`, `${side} <= ${value + room}`, `${side} >= ${value - room}`]);
}

describe('proofs of emptiness', () => {
  it(`say nothing against ${COUNT} random problems that have a point`, { timeout: 600_000 }, () => {
    const { uniform } = draws(11);
    const wrong: string[] = [];
    for (let k = 0; k < COUNT; k++) {
      const point = [0, 0, 0].map(() => Math.round((uniform() * 4 - 2) * 8) / 8);
      const typed = [lineAt(uniform, point), lineAt(uniform, point), pick(uniform, ['-2 <= x <= 2', 'norm(x) <= 4'])];
      const text = `param x[3] = [${number(uniform)}, 1, -1]\nsubject to\n ${typed.filter((line) => line).join('\n ')}`;
      const read = studyStructure(text, 0, catalog);
      if (!read.ok) continue;
      const { problem, structure } = read.value;
      if (structure.contradictions.length > 0) wrong.push(`${text}\n${at(structure.contradictions, 0).reason}`);
      const elastic = hullElastic(problem, structure, curvaturesOf(problem, structure));
      const rows = modelOf(problem).rowsOf.flat();
      const give = finished(elastic.leastGive([], rows));
      if (k % 10 === 0 && finished(excludingBoxes(problem, structure.constraints)) !== null)
        wrong.push(`${text}\nboxes`);
      if (give && give.amount > 1e-6 * (1 + maximumNorm(give.x ?? [0]))) wrong.push(`${text}\ngap ${give.amount}`);
    }
    expect(wrong).toEqual([]);
  });
});
