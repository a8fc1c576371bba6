/** Lines that several methods write alike. */
import type { TorchOptimizer, TorchScript } from './contract.ts';

export const X = 'x = torch.nn.Parameter(START.clone())';
export const X_ON_THE_SET = 'x = torch.nn.Parameter(nearest_solution(START, 0))';

export const optimizerLine = ({ name, options }: TorchOptimizer, trained = 'x'): string =>
  `optimizer = torch.optim.${name}([${trained}], ${options})`;

/** scale = 1/denominator: the optimizer's own distance is Σ denominatorᵢ (yᵢ − xᵢ)². */
export const scaleLines = ({ denominator }: TorchOptimizer): readonly string[] =>
  denominator === null
    ? ['scale = torch.ones_like(x)']
    : ['state = optimizer.state[x]', `scale = 1 / (${denominator})`];

const dykstraCycles = (cycles: number): string => `    for _ in range(${cycles}):
        for i, onto in enumerate(SETS):
            y = x + increments[i]
            x = onto(y, t)
            increments[i] = y - x
    return x`;

/** `project(x, t)` by the sets of `SETS`, or by Newton steps. */
const PROJECT: Readonly<
  Record<'exact' | 'scaled' | 'newton' | 'alternating' | 'dykstra' | 'dykstra-warm', (cycles: number) => string>
> = {
  exact: () => `def project(x, t):
    """The nearest feasible point: the sets share no parameters."""
    for onto in SETS:
        x = onto(x, t)
    return x`,
  scaled: () => `def project(x, t, scale):
    """The feasible point that is nearest as the optimizer measures: the sets share no parameters."""
    for onto in SETS:
        x = onto(x, t, scale)
    return x`,
  newton: (cycles) => `def project(x, t):
    """A feasible point near x, by Newton steps on h."""
    for _ in range(${cycles}):
        J = jacobian_of(lambda z: equalities(z, t), x)
        x = x - torch.linalg.pinv(J, rtol=1e-10) @ equalities(x, t)
    return x`,
  alternating: (cycles) => `def project(x, t):
    """A feasible point near x: onto each set in turn."""
    for _ in range(${cycles}):
        for onto in SETS:
            x = onto(x, t)
    return x`,
  dykstra: (cycles) => `def project(x, t):
    """The nearest feasible point, by Dykstra's cycles."""
    increments = [torch.zeros_like(x) for _ in SETS]
${dykstraCycles(cycles)}`,
  'dykstra-warm': (cycles) => `def project(x, t, increments):
    """The nearest feasible point, by Dykstra's cycles, which begin where those of the last step ended."""
    x = x - sum(increments)
${dykstraCycles(cycles)}`,
};

/** The definitions of `project`, by functions of the sets. */
export function projection(way: keyof typeof PROJECT, functions: readonly string[], cycles = 0): string[] {
  const [only] = functions;
  if (functions.length !== 1 || (way !== 'exact' && way !== 'scaled'))
    return [...(way === 'newton' ? [] : [`SETS = [${functions.join(', ')}]`]), PROJECT[way](cycles)];
  const given = way === 'scaled' ? 'x, t, scale' : 'x, t';
  const says =
    way === 'scaled' ? 'The feasible point that is nearest as the optimizer measures.' : 'The nearest feasible point.';
  return [`def project(${given}):\n    """${says}"""\n    return ${only}(${given})`];
}

/** `nearest_solution(x, t)` and `tangent(v)` by the sets of equalities; none where these have a matrix, which brings its own. */
export function alongSets({ structure, onto }: Pick<TorchScript, 'structure' | 'onto'>): string[] {
  if (!structure.straight) return [];
  const nearest = onto(structure.straight, 'project').reduce((x, name) => `${name}(${x}, t)`, 'x');
  return [
    `def nearest_solution(x, t):
    """The nearest point of all equalities: their sets share no parameters."""
    return ${nearest}`,
    `def tangent(v):
    """The part of a direction that stays in these sets."""
    return nearest_solution(v, 0) - nearest_solution(torch.zeros_like(v), 0)`,
  ];
}

/** Numbers, row by row, as lists of `width`. */
export const rowsOf = (numbers: readonly number[], count: number): number[][] => {
  const width = numbers.length / Math.max(1, count);
  return Array.from({ length: count }, (_, i) => numbers.slice(i * width, (i + 1) * width));
};
