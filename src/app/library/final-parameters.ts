/** The last iterates as code that makes arrays: to go on with in a notebook. */
import { at } from '../../core/diagnostic.ts';
import { resultsByRun } from '../store/results.ts';
import type { Store } from '../store/store.ts';

/** Nested lists of a row-major array. */
function nested(values: readonly number[], shape: readonly number[]): string {
  const [length, ...rest] = shape;
  if (length === undefined) return String(at(values, 0));
  const width = rest.reduce((product, size) => product * size, 1);
  return `[${Array.from({ length }, (_, i) => nested(values.slice(i * width, (i + 1) * width), rest)).join(', ')}]`;
}

const comment = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** One assignment a parameter and run, with all digits; of the run at `index` where one is given. Empty where nothing was computed. */
export function finalAsNumpy({ picture, experiment }: Pick<Store, 'picture' | 'experiment'>, index?: number): string {
  if (picture === null) return '';
  const { parameters, size } = picture.study.problem;
  const results = resultsByRun(picture, experiment.runs ?? []);
  const blocks = results.flatMap((result, i) => {
    if (!result?.trajectory || result.trajectory.steps.length === 0 || (index ?? i) !== i) return [];
    const { run, trajectory } = result;
    const last = [...trajectory.iterates.subarray(trajectory.iterates.length - size)];
    const lines = parameters.map(({ name, shape, offset, start }) => {
      const values = last.slice(offset, offset + start.length);
      return `${name} = ${shape.length === 0 ? nested(values, shape) : `np.array(${nested(values, shape)})`}`;
    });
    return [`# ${comment(run.label ?? run.method)}, step ${trajectory.steps.at(-1)}`, ...lines];
  });
  return blocks.length === 0 ? '' : ['import numpy as np', '', ...blocks, ''].join('\n');
}
