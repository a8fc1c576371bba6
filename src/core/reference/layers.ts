/** Least squares with their derivatives, iterates of LSMR, and layers kept by the null-space method, as values to compare with. Test support. */
import file from './layers.json' with { type: 'json' };

export type Vector = readonly number[];
export type Rows = readonly Vector[];

interface Case<Kind extends string, Inputs, Expected> {
  readonly id: string;
  readonly kind: Kind;
  readonly inputs: Inputs;
  readonly expected: Expected;
  readonly tolerance: { readonly f64: number; readonly f32: number };
}

/** x minimizes ‖A x − b‖² + damp² ‖x‖², of least length. */
export type LeastSquaresCase = Case<
  'lstsq',
  { readonly A: Rows; readonly b: Vector; readonly damp: number },
  { readonly x: Vector; readonly rank: number; readonly residual_norm: number; readonly singular_values: Vector }
>;

export type LsmrCase = Case<
  'lsmr',
  { readonly A: Rows; readonly b: Vector; readonly damp: number },
  { readonly solution: Vector }
>;

/** Hyperparameters θ by the validation loss of the weights that fit the training data: the loss and its slope by θ. */
export type FittedCase = Case<
  'lstsq-params' | 'features' | 'gp',
  Readonly<Record<'s' | 's_val' | 'x' | 'y' | 'x_val' | 'y_val' | 'omega' | 'phase' | 'theta0', Vector>>,
  Readonly<Record<'w' | 'alpha' | 'grad', Vector>> & { readonly loss: number }
>;

export type SubspaceCase = Case<
  'subspace',
  { readonly W: Rows; readonly B: Rows },
  { readonly C: Rows; readonly distance: number }
>;

/** θ := θ − lr·(I − J⁺J) ∇f − gamma·J⁺c. */
export type LayerCase = Case<
  'sparsity' | 'equivariance' | 'symmetry' | 'conservative',
  {
    readonly X: Rows;
    readonly Y: Rows;
    readonly P: Rows;
    readonly x: Vector;
    readonly y: Vector;
    readonly zero_set: Vector;
    readonly collocation: Vector | Rows;
    readonly theta0: Vector;
    readonly lr: number;
    readonly gamma: number;
    readonly steps: number;
  },
  {
    readonly step0: { readonly c: Vector };
    readonly records: readonly {
      readonly t: number;
      readonly theta: Vector;
      readonly f: number;
      readonly viol: number;
    }[];
    readonly optimum?: { readonly theta: Vector; readonly f: number };
  }
>;

type AnyCase = LeastSquaresCase | LsmrCase | FittedCase | SubspaceCase | LayerCase;

const cases = file.cases as unknown as readonly AnyCase[];

export const layerCases = <Kind extends AnyCase['kind']>(...kinds: readonly Kind[]) =>
  cases.filter((each): each is Extract<AnyCase, { kind: Kind }> => (kinds as readonly string[]).includes(each.kind));
