/**
 * The only thing that is stored or shared. Everything but version, problem and each run's method has a default. What a later version
 * wrote may hold other names than the lists here: they are kept as they came, and whoever reads them has a way without.
 */

/** Settings as the reader wrote them; unknown ones are kept. */
export type SettingsJson = { readonly [name: string]: unknown };

export interface OptimizerJson extends SettingsJson {
  readonly kind: string;
}

export interface RunJson {
  readonly method: string;
  readonly settings?: SettingsJson;
  readonly optimizer?: OptimizerJson;
  readonly steps?: number;
  readonly record?: 'auto' | readonly number[];
  /** Where this run begins, all n entries of x₀; where nothing is said, as the text says. */
  readonly start?: readonly number[];
  readonly label?: string;
  readonly color?: string;
  readonly visible?: boolean;
}

/** Ways in which starts are chosen. */
export const SAMPLES = ['grid', 'random', 'feasible'] as const;
export const SCALES = ['linear', 'log'] as const;

/** What differs from start to start: an entry of the start (`w[0]`), `setting:penalty`, `optimizer:learningRate`. */
export interface SwarmAxisJson {
  readonly axis: string;
  readonly from: number;
  readonly to: number;
  readonly scale?: (typeof SCALES)[number];
}

/** One run from many starts. */
export interface SwarmJson {
  /** Which run. */
  readonly run?: number;
  readonly sample?: (typeof SAMPLES)[number];
  readonly size?: number | readonly [number, number];
  /** The run's own where nothing is said. */
  readonly steps?: number;
  readonly over?: readonly SwarmAxisJson[];
}

/** −∇f and towards the end of the run; what is allowed of −∇f and what is held back; and so on. */
export const SLICES_ALONG = ['end', 'parts', 'components', 'random', 'entries'] as const;
export type SliceAlong = (typeof SLICES_ALONG)[number];

export const VIEW_KINDS = [
  'auto',
  '2d',
  '3d',
  'ternary',
  'feasible-coordinates',
  'components',
  'slice',
  'pairs',
  'matrix',
  'parallel',
] as const;

export const CHARTS = [
  'loss',
  'gap',
  'violation',
  'violations',
  'multipliers',
  'stationarity',
  'gradient',
  'step-length',
  'moved',
  'learning-rate',
  'penalty',
] as const;

/** Begins the chart of a number that the text names: `let:accuracy`. */
export const CHART_OF_NAME = 'let:';
/** Between what stands upwards and what stands across: `let:accuracy~let:parity`. */
export const CHART_AGAINST = '~';

export type ChartId =
  | (typeof CHARTS)[number]
  | `${typeof CHART_OF_NAME}${string}`
  | `${string}${typeof CHART_AGAINST}${string}`;

/** Hides the arrows of the picture. */
export const HIDDEN_FORCES = 'forces';

/** Parts of the page that an experiment may hide. */
export const HIDEABLE = ['optimum', 'verdicts', 'multipliers', 'editor', 'facts', 'charts', 'runs'] as const;

export interface ViewJson {
  readonly kind?: (typeof VIEW_KINDS)[number];
  readonly axes?: readonly string[];
  /** Directions of a slice of the loss; `seed` is that of random ones, and `axes` names entries. */
  readonly slice?: { readonly along?: SliceAlong; readonly seed?: number };
  readonly camera?: unknown;
  readonly playhead?: number;
  readonly speed?: number;
  readonly loop?: boolean;
  readonly logTime?: boolean;
  /** Runs are aligned by evaluations of the gradient in place of steps. */
  readonly sameCost?: boolean;
  readonly charts?: readonly string[];
  readonly hide?: readonly string[];
}

export interface ResultJson {
  readonly executor: string;
  readonly adapter: string;
  readonly loss: number;
  readonly violation: number;
  /** At most 8 entries of x, 6 digits. */
  readonly x: readonly number[];
}

export interface Experiment {
  readonly version: 1;
  readonly title?: string;
  readonly notes?: string;
  /** The problem, as typed. */
  readonly problem: string;
  readonly seed?: number;
  readonly runs?: readonly RunJson[];
  readonly swarm?: SwarmJson;
  readonly data?: { readonly [name: string]: unknown };
  readonly results?: readonly ResultJson[];
  readonly view?: ViewJson;
}
