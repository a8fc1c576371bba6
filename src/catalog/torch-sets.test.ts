/** What sets say of themselves in PyTorch, against their own projections: every form, at every example, in one process. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { ConstraintKind, SetData } from '../core/contracts.ts';
import { at } from '../core/diagnostic.ts';
import type { TorchSet } from '../core/experiment/python/contract.ts';
import { LIBRARY } from '../core/experiment/python/library.ts';
import { float, tensor } from '../core/experiment/python/literal.ts';
import { dataTensors } from '../core/program/method-problem.ts';
import { evaluator } from '../core/tensor/evaluate.ts';
import type { Ops, Tensor } from '../core/tensor/ops.ts';
import { distance, missing, PYTHON } from './exported-scripts.fixture.ts';
import { symmetric } from './points.fixture.ts';
import { catalog } from './registry.ts';

const reason = missing('torch');
if (reason !== '') console.warn(`The sets' functions in PyTorch are not run: ${reason}`);

const WITHIN = 1e-9;
/** Beyond, a square overflows: scripts are to be read, and take lengths by PyTorch's norm. */
const MOST_SQUARED = 1e150;

type Form = 'project' | 'scaled' | 'lowest';
const FORMS: readonly Form[] = ['project', 'scaled', 'lowest'];
const nameOf = (id: string, form: Form): string => {
  const own = id.replaceAll('-', '_');
  return { project: `project_${own}`, scaled: `project_${own}_scaled`, lowest: `lowest_${own}` }[form];
};

/** The form as numbers: of a point, or of a slope, and of a scale where it takes one. */
function computed({ project, projectScaled, lowest }: ConstraintKind, form: Form, data: SetData, size: number) {
  const formOf = { project, scaled: projectScaled, lowest }[form];
  return evaluator(2 * size, (ops: Ops, both: Tensor) => {
    const half = (offset: number) => ops.slice(both, { offset, strides: [1], shape: [size] });
    return formOf?.(ops, half(0), dataTensors(ops, data), half(size)) ?? ops.zeros(0);
  });
}

const areNumbers = (data: SetData): boolean =>
  Object.values(data).every((entry) => [entry].flat(2).every(Number.isFinite));

const cases = catalog.constraints.flatMap((kind) => {
  const { id, torch, examples } = kind;
  return FORMS.flatMap((form) => {
    if (!torch?.[form]) return [];
    return examples.flatMap(({ name, data, from }, k) => {
      if (form === 'lowest' && !areNumbers(data)) return []; // the lowest point of what is unbounded is nowhere
      if (from.some((entry) => Math.abs(entry) > MOST_SQUARED)) return [];
      const random = symmetric(17 + k);
      const point = from.map((entry) => entry + random());
      const scale = from.map(() => 4 ** random());
      return [{ kind, id, torch, form, name, data, point, scale }];
    });
  });
});

const definitionsOf = ({ project, scaled, lowest }: TorchSet) =>
  [project, scaled, lowest].filter(Boolean).join('\n\n\n');

const PROGRAM = (definitions: string, calls: readonly string[]) => `import json, math
import torch
torch.set_default_dtype(torch.float64)


${LIBRARY.map(({ code }) => code).join('\n\n\n')}


${definitions}


print(json.dumps([answer.tolist() for answer in [
${calls.map((call) => `    ${call},`).join('\n')}
]]))`;

const literal = (value: SetData[string]) => (typeof value === 'number' ? float(value) : tensor(value, 'torch.tensor'));

function inTorch(): number[][] {
  const kinds = [...new Map(cases.map(({ id, torch }) => [id, torch])).values()];
  const calls = cases.map(({ id, torch, form, data, point, scale }) => {
    const args = [literal(point), ...torch.data.map((name) => literal(data[name] ?? 0))];
    return `${nameOf(id, form)}(${[...args, ...(form === 'scaled' ? [literal(scale)] : [])].join(', ')})`;
  });
  const done = spawnSync(PYTHON, ['-'], {
    input: PROGRAM(kinds.map(definitionsOf).join('\n\n\n'), calls),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: 120_000, // ends what hangs
  });
  if (done.status !== 0) throw new Error(done.stderr.slice(-2000));
  return JSON.parse(done.stdout) as number[][];
}

describe('sets in PyTorch', () => {
  const answers = reason === '' ? inTorch() : [];

  it.skipIf(reason !== '').each(cases.map((one, k) => ({ ...one, k })))(
    '$id, $form: $name',
    ({ kind, form, data, point, scale, k }) => {
      const expected = [...computed(kind, form, data, point.length)([...point, ...scale])];
      expect(distance(at(answers, k), expected)).toBeLessThan(WITHIN);
    },
  );
});
