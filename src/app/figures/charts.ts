/** What can be charted against the step: which numbers, on which axis, and what they mean. */
import { CHART_AGAINST, CHART_OF_NAME, CHARTS, type ChartId } from '../../core/experiment/experiment.ts';
import { titleOfName } from '../../core/run/named-numbers.ts';
import type { RunView, Scene } from './scene.ts';

export interface ChartCurve {
  /** Distinguishes the curves of one run: the name of a constraint. Absent where a run has one. */
  readonly name?: string;
  /** One entry a record. */
  readonly values: Float64Array;
}

export interface Chart {
  readonly id: ChartId;
  readonly title: (scene: Scene) => string;
  /** The number as a formula: beside its name on the axis of a picture that stands alone. */
  readonly symbol?: string;
  /** What the number is, for a reader who meets it for the first time. */
  readonly explanation: string;
  /** `log`: values are at least 0, and what is rounding is drawn at a floor; `auto`: logarithmic where they span decades. */
  readonly scale: 'auto' | 'log' | 'linear';
  /** None where the run has no such number. */
  readonly curves: (run: RunView, scene: Scene) => readonly ChartCurve[];
  /** What stands on the other axis in place of the step. */
  readonly against?: Chart;
}

/** More curves of one run are told apart by nobody: those that end largest are drawn. */
const MOST_ROWS = 6;

const one = (values: Float64Array | undefined): ChartCurve[] => (values && values.length > 0 ? [{ values }] : []);

/** The columns of a row-major array, named; of many, those with the largest last entries. */
function columns(
  values: Float64Array | undefined,
  records: number,
  nameOf = (row: number) => `row ${row + 1}`,
): ChartCurve[] {
  const width = values && records > 0 ? values.length / records : 0;
  if (!values || width === 0 || !Number.isInteger(width)) return [];
  const last = (column: number) => Math.abs(values[(records - 1) * width + column] ?? 0);
  // The largest first, of equals the first: one pass, as there may be a hundred thousand.
  const largest: number[] = [];
  for (let column = 0; column < width; column++) {
    const least = largest[MOST_ROWS - 1];
    if (least !== undefined && last(column) <= last(least)) continue;
    const place = largest.findIndex((other) => last(other) < last(column));
    largest.splice(place < 0 ? largest.length : place, 0, column);
    largest.length = Math.min(largest.length, MOST_ROWS);
  }
  const kept = largest.sort((a, b) => a - b);
  return kept.map((column) => ({
    name: nameOf(column),
    values: Float64Array.from({ length: records }, (_, record) => values[record * width + column] ?? Number.NaN),
  }));
}

/** ‖x_k − x_{k−1}‖ / (k − (k−1) in steps): how far one step moves, between records the mean of those between. */
export function stepLengths({ steps, iterates }: RunView, size: number): Float64Array {
  return Float64Array.from(steps, (step, record) => {
    if (record === 0) return Number.NaN;
    let square = 0;
    for (let i = 0; i < size; i++) {
      square += ((iterates[record * size + i] ?? Number.NaN) - (iterates[(record - 1) * size + i] ?? Number.NaN)) ** 2;
    }
    return Math.sqrt(square) / Math.max(1, step - (steps[record - 1] ?? 0));
  });
}

/** ‖∇f + Jᵀm‖, and ‖Jᵀm‖ by Pythagoras: with the multipliers of least squares the parts are orthogonal. */
function gradientParts({ gradient, stationarity }: RunView): ChartCurve[] {
  if (!gradient?.length || !stationarity) return [];
  const across = gradient.map((whole, k) => Math.sqrt(Math.max(0, whole ** 2 - (stationarity[k] ?? Number.NaN) ** 2)));
  return [
    { name: 'allowed', values: stationarity },
    { name: 'held back', values: across },
  ];
}

/** A number for every chart of the experiment; a forgotten one does not compile. */
const NUMBERS: Readonly<Record<(typeof CHARTS)[number], Omit<Chart, 'id'>>> = {
  loss: {
    symbol: 'f(x)',
    title: ({ sense }) => (sense === 'maximize' ? 'Objective' : 'Loss'),
    explanation:
      'f(x): the number that the problem asks to make as small (or, under “maximize”, as large) as the constraints allow. Outside the feasible set it may be better than any allowed point, so look at the violation, too.',
    scale: 'auto',
    curves: ({ loss }) => one(loss),
  },
  gap: {
    symbol: '|f(x) − f(x*)|',
    title: () => 'Gap to the optimum',
    explanation:
      '|f(x) − f(x*)|: how far the loss still is from its value at the constrained optimum x*. A straight line on this logarithmic axis means that each step removes the same share of what is left.',
    scale: 'log',
    curves: ({ loss }, { optimumLoss }) =>
      optimumLoss === undefined ? [] : one(loss.map((value) => Math.abs(value - optimumLoss))),
  },
  violation: {
    symbol: 'max |h|, max(g, 0)',
    title: () => 'Violation',
    explanation:
      'The largest violation over all rows of the constraints: |h(x)| of an equality, max(g(x), 0) of an inequality. 0 means feasible. Below the rounding errors of the machine it is drawn at the floor “≈ 0”.',
    scale: 'log',
    curves: ({ violation }) => one(violation),
  },
  violations: {
    symbol: '|h|, max(g, 0)',
    title: () => 'Violation by constraint',
    explanation:
      'The same for each row of the constraints by itself: which of them is the one that is not kept? Of many rows, the six that end with the largest violation.',
    scale: 'log',
    curves: ({ violations, steps }, { rowName }) => columns(violations, steps.length, rowName),
  },
  multipliers: {
    symbol: 'λ, μ',
    title: () => 'Multipliers',
    explanation:
      'One number a constraint: how hard it pushes, and how much the optimal loss would change if it gave way a little. They are the method’s own where it keeps some; else those that balance the gradient best, min ‖∇f + Jᵀm‖. Where the slopes of constraints depend on each other, these are some of many: none alone is the price of its constraint.',
    scale: 'linear',
    curves: ({ multipliers, steps }, { rowName }) => columns(multipliers, steps.length, rowName),
  },
  stationarity: {
    symbol: '‖∇f + Jᵀm‖',
    title: () => 'Stationarity',
    explanation:
      '‖∇f + Jᵀm‖: the part of the gradient that no constraint holds back. Where it is 0 and x is feasible, no small step along the feasible set lowers the loss: a candidate for an optimum.',
    scale: 'log',
    curves: ({ stationarity }) => one(stationarity),
  },
  gradient: {
    symbol: '‖∇f‖',
    title: () => 'Gradient in two parts',
    explanation:
      '∇f split in two: the part that the constraints allow to follow, and the part at right angles to them, which they hold back. At an optimum the first is 0 and the second need not be: there the constraints carry the whole pull of the loss.',
    scale: 'log',
    curves: gradientParts,
  },
  'step-length': {
    symbol: '‖xₖ − xₖ₋₁‖',
    title: () => 'Step length',
    explanation:
      '‖xₖ − xₖ₋₁‖: how far one step moves the parameters. It shrinks where a run settles; where it stays the same, the run bounces or circles.',
    scale: 'log',
    curves: (run, { size }) => one(stepLengths(run, size)),
  },
  moved: {
    symbol: '‖P(y) − y‖',
    title: () => 'Moved by the projection',
    explanation:
      '‖P(y) − y‖: how far the projection brings the parameters back after the free step to y, or how much of a step it takes away. 0 where the step stayed feasible; at rest on a constraint it undoes the free step, so it does not go to 0.',
    scale: 'log',
    curves: ({ moved }) => one(moved),
  },
  'learning-rate': {
    symbol: 'η',
    title: () => 'Learning rate',
    explanation:
      'η: how long a step is for a gradient of length 1, as the schedule of the run sets it. Large is fast at first; small lets a run settle.',
    scale: 'linear',
    curves: ({ learningRate }) => one(learningRate),
  },
  penalty: {
    symbol: 'ρ',
    title: () => 'Penalty coefficient',
    explanation:
      'ρ: how strongly a violation is punished. Methods that raise it get closer to the feasible set, and need smaller steps for it.',
    scale: 'auto',
    curves: ({ penalty }) => one(penalty),
  },
};

export const charts: readonly Chart[] = CHARTS.map((id) => ({ id, ...NUMBERS[id] }));

export const DEFAULT_CHARTS: readonly string[] = ['loss', 'violation'];

const chartOfName = (name: string): Chart => ({
  id: `${CHART_OF_NAME}${name}`,
  title: (scene) =>
    titleOfName(
      name,
      charts.map((chart) => chart.title(scene)),
    ),
  explanation: `“${name}”, as the text defines it by “let”. Any number can be followed so: write “let size = norm(w)”, say, and choose “size” among the charts.`,
  scale: 'linear',
  curves: ({ named }) => one(named?.[name]),
});

export const isNamed = ({ id }: Chart): boolean => id.startsWith(CHART_OF_NAME);

/** What the numbers of a chart are called within a sentence. */
export const wordFor = ({ id, title }: Chart, scene: Scene): string =>
  id.startsWith(CHART_OF_NAME) ? title(scene) : title(scene).toLowerCase();

export const fullTitle = (chart: Chart, scene: Scene): string =>
  chart.title(scene) + (chart.against ? ` against ${wordFor(chart.against, scene)}` : '');

/** The id of a chart without what stands across. */
export const upwards = (id: string): string => id.split(CHART_AGAINST)[0] ?? id;

/** The id of a chart with another number across; with the step, where that is null. */
export const against = (id: string, across: string | null): string =>
  across === null ? upwards(id) : upwards(id) + CHART_AGAINST + across;

/** The chart of an id: `loss`, `let:accuracy`, or one number against another, `let:accuracy~let:parity`. */
export function chartOf(id: string): Chart | undefined {
  const [up = '', across] = id.split(CHART_AGAINST);
  const chart = up.startsWith(CHART_OF_NAME)
    ? chartOfName(up.slice(CHART_OF_NAME.length))
    : charts.find((each) => each.id === up);
  const other = across === undefined ? undefined : chartOf(across);
  return chart && other ? { ...chart, id: `${up}${CHART_AGAINST}${other.id}`, against: other } : chart;
}

/** The run at its first record alone: it has curves for the same charts, and they cost nothing. */
function firstRecord(run: RunView): RunView {
  const count = Math.max(1, run.steps.length);
  const cut = <Fields extends object>(fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        value instanceof Float64Array ? value.subarray(0, value.length / count) : value,
      ]),
    ) as Fields;
  return { ...cut(run), steps: run.steps.slice(0, 1), ...(run.named && { named: cut(run.named) }) };
}

/** The charts for which some visible run has numbers, against the step. */
export function chartsFor(scene: Scene): Chart[] {
  const runs = scene.runs.filter(({ visible }) => visible).map(firstRecord);
  const names = new Set(runs.flatMap(({ named }) => Object.keys(named ?? {})));
  const all = [...charts, ...[...names].map(chartOfName)];
  return all.filter((chart) => runs.some((run) => chart.curves(run, scene).length > 0));
}

/** Those that can stand across: one curve a run. */
export function chartsAcross(scene: Scene): Chart[] {
  const runs = scene.runs.map(firstRecord);
  return chartsFor(scene).filter((chart) => runs.every((run) => chart.curves(run, scene).length <= 1));
}

/** The charts of these ids, of which some visible run has numbers, in the order of `possible`; each number stands upwards once. */
export const chosenCharts = (ids: readonly string[], possible: readonly Chart[]): Chart[] =>
  possible.flatMap(({ id }) => {
    const chosen = ids.find((each) => upwards(each) === id);
    const chart = chosen === undefined ? undefined : chartOf(chosen);
    const canStand = !chart?.against || possible.some((other) => other.id === chart.against?.id);
    return chart && canStand ? [chart] : [];
  });
