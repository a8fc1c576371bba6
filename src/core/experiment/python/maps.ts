/** Maps onto sets in PyTorch, as expressions of the set's own entries: x(θ), and a θ with x(θ) = x. */

const INSIDE = '1e-6';

type Expression = (entries: string) => string;

/** `data`: the set's numbers as Python, by name. */
export function torchMap(name: string, data: Readonly<Record<string, string>>): readonly [Expression, Expression] {
  const { lower, upper, totals, center = '', radius = '' } = data;
  /** bound + side · distance, with one finite bound an entry; x ≥ 0 where there is none. */
  const [bound, side] =
    lower && upper
      ? [
          `torch.where(torch.isinf(${lower}), ${upper}, ${lower})`,
          `torch.where(torch.isinf(${lower}), -torch.ones_like(${lower}), torch.ones_like(${lower}))`,
        ]
      : [lower ?? '0.0', '1.0'];
  const fromBound = (phi: Expression, inverse: Expression): readonly [Expression, Expression] => {
    const isPlain = side === '1.0' && bound === '0.0';
    return [
      (x) => (isPlain ? phi(x) : `${bound} + ${side} * ${phi(x)}`),
      (x) => inverse(`torch.clamp(${isPlain ? x : `${side} * (${x} - ${bound})`}, min=${INSIDE})`),
    ];
  };
  switch (name) {
    case 'softmax':
      return [
        (x) => `(${totals}[:, None] * torch.softmax(${x}.reshape(len(${totals}), -1), dim=1)).reshape(-1)`,
        (x) =>
          `torch.log(torch.clamp(${x}.reshape(len(${totals}), -1) / ${totals}[:, None], min=${INSIDE})).reshape(-1)`,
      ];
    case 'softplus':
      return fromBound(
        (x) => `(torch.relu(${x}) + torch.log1p(torch.exp(-${x}.abs())))`,
        (d) => `(lambda d: d + torch.log1p(-torch.exp(-d)))(${d})`,
      );
    case 'exp':
      return fromBound(
        (x) => `torch.exp(${x})`,
        (d) => `torch.log(${d})`,
      );
    case 'square':
      return fromBound(
        (x) => `${x}**2`,
        (d) => `torch.sqrt(${d})`,
      );
    case 'sigmoid':
      return [
        (x) => `${lower} + (${upper} - ${lower}) * torch.sigmoid(${x})`,
        (x) => `torch.logit(torch.clamp((${x} - ${lower}) / (${upper} - ${lower}), ${INSIDE}, 1 - ${INSIDE}))`,
      ];
    default: // sphere
      return [
        (x) => `${center} + ${radius} * ${x} / torch.linalg.vector_norm(${x})`,
        (x) => `(lambda d: d if d.any() else torch.ones_like(d))(${x} - ${center})`,
      ];
  }
}
