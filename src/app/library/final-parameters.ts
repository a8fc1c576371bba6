/** The last iterates as code that makes arrays: to go on with in a notebook. */
import { at } from '../../core/diagnostic.ts';
import type { RunSlice } from '../store/run-slice.ts';

/** Nested lists of a row-major array. */
function nested(values: readonly number[], shape: readonly number[]): string {
  const [length, ...rest] = shape;
  if (length === undefined) return String(at(values, 0));
  const width = rest.reduce((product, size) => product * size, 1);
  return `[${Array.from({ length }, (_, i) => nested(values.slice(i * width, (i + 1) * width), rest)).join(', ')}]`;
}

const comment = (text: string): string => text.replace(/[\r\n]+/g, ' ');

/** One assignment a parameter and run, with all digits; empty where nothing was computed. */
export function finalAsNumpy({ picture }: Pick<RunSlice, 'picture'>): string {
  if (picture === null) return '';
  const { parameters, size } = picture.study.problem;
  const blocks = picture.results.flatMap(({ run, trajectory }) => {
    if (!trajectory || trajectory.steps.length === 0) return [];
    const last = [...trajectory.iterates.subarray(trajectory.iterates.length - size)];
    const lines = parameters.map(({ name, shape, offset, start }) => {
      const values = last.slice(offset, offset + start.length);
      return `${name} = ${shape.length === 0 ? nested(values, shape) : `np.array(${nested(values, shape)})`}`;
    });
    return [`# ${comment(run.label ?? run.method)}, step ${trajectory.steps.at(-1)}`, ...lines];
  });
  return blocks.length === 0 ? '' : ['import numpy as np', '', ...blocks, ''].join('\n');
}
