/** Python that scripts share. A script holds those definitions that it calls, and no others. */
import { type Expr, nodesOf } from '../../language/expr.ts';
import { isDerivativeName, isFunctionName } from '../../language/functions.ts';
import type { Problem } from '../../problem/problem.ts';

export interface Block {
  readonly name: string;
  readonly code: string;
}

/** Splits at top-level definitions; each begins with its name. */
export const blocksOf = (code: string): Block[] =>
  code
    .split(/\n\n\n(?=\S)/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ name: /^(?:def |class )?(\w+)/.exec(part)?.[1] ?? '', code: part }));

/** Without what is written for people: a word of a sentence calls nothing. */
const withoutProse = (code: string): string => code.replace(/"""[\s\S]*?"""/g, '').replace(/(^|\s)#.*$/gm, '$1');

/** Names that stand by themselves: `tensor`, and not that of `torch.tensor`. */
const NAME = /(?<![.\p{ID_Continue}])[\p{ID_Start}_][\p{ID_Continue}]*/gu;

/** The blocks that `main` reaches by name, in their order. */
export function reachable(blocks: readonly Block[], main: string): Block[] {
  const kept = new Set<Block>();
  const pending = [main];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    const words = new Set(withoutProse(text).match(NAME));
    for (const block of blocks) {
      if (kept.has(block) || !words.has(block.name)) continue;
      kept.add(block);
      pending.push(block.code);
    }
  }
  return blocks.filter((block) => kept.has(block));
}

/** Those lines of `imports` whose names the code uses. */
export function usedImports(imports: string, code: string): string {
  const words = new Set(withoutProse(code).match(NAME));
  return imports
    .split('\n')
    .filter((line) => {
      const imported = /^(?:from \S+ )?import (\S+)(?: as (\w+))?$/.exec(line);
      return imported === null || words.has(imported[2] ?? imported[1] ?? '');
    })
    .join('\n')
    .replace(/\n{3,}/g, '\n\n');
}

const isDefinition = (code: string): boolean => /^(?:def|class) /.test(code);

/** Two empty lines around functions, none between constants. */
export const spaced = (blocks: readonly Block[]): string =>
  blocks
    .map(({ code }, i) => {
      const next = blocks[i + 1];
      const areConstants = !isDefinition(code) && next !== undefined && !isDefinition(next.code);
      return `${code}${i === blocks.length - 1 ? '' : areConstants ? '\n' : '\n\n\n'}`;
    })
    .join('');

/** Every node of everything that the script prints; data are numbers by then. */
const expressionsOf = ({ loss, constraints, soft, definitions }: Problem): Expr[] =>
  [
    loss,
    ...[...constraints, ...soft].map(({ residual }) => residual),
    ...definitions.flatMap(({ value, array }) => (array ? [] : [value])),
  ].flatMap((expr) => [...nodesOf(expr)]);

/** Whether Python has words for the whole text: for slopes, rows of sets and sums of truth values it has none. */
export const isSayable = (problem: Problem): boolean =>
  !expressionsOf(problem).some(
    (node) =>
      (node.kind === 'call' && (isDerivativeName(node.name) || !isFunctionName(node.name))) ||
      (node.kind === 'sum' && [node.first, ...node.rest.map(({ operand }) => operand)].some(isComparison)) ||
      (node.kind === 'negate' && isComparison(node.operand)),
  );

const isComparison = ({ kind }: Expr): boolean => kind === 'compare';

export const LIBRARY = blocksOf(`
def replace(x, entries, values):
    """x with the given entries replaced."""
    x = x.clone()
    x[entries] = values
    return x


def jacobian_of(f, x):
    """J[i, j] = df_i/dx_j."""
    return torch.autograd.functional.jacobian(f, x.detach())


def gradient(f, x):
    """The gradient of f at x, the mean over all workers."""
    x = x.detach().clone().requires_grad_()
    (slope,) = torch.autograd.grad(f(x), x)
    return average(slope)


def nearest_in_simplex(rows, totals, scale):
    """Row by row the point of {v >= 0, sum v = total} nearest to y: max(y - tau s, 0) (Held, Wolfe & Crowder 1974)."""
    order = torch.argsort(rows / scale, dim=1, descending=True)
    y, s = rows.gather(1, order), scale.gather(1, order)
    tau = (y.cumsum(1) - totals[:, None]) / s.cumsum(1)
    count = (y / s > tau).sum(1, keepdim=True).clamp(min=1)
    return torch.clamp(rows - tau.gather(1, count - 1) * scale, min=0.0)


def unit_of_lowest(rows):
    """Row by row the unit vector of the smallest entry."""
    return torch.zeros_like(rows).scatter(1, rows.argmin(1, keepdim=True), 1.0)


def average(slope):
    """The mean over all workers, the same on each; what it was where there is one."""
    if dist.is_available() and dist.is_initialized():
        dist.all_reduce(slope)
        slope /= dist.get_world_size()
    return slope


def check_same(x):
    """All workers took the same step and the same projection, so they hold the same parameters."""
    if dist.is_available() and dist.is_initialized():
        low, high = x.detach().clone(), x.detach().clone()
        dist.all_reduce(low, op=dist.ReduceOp.MIN)
        dist.all_reduce(high, op=dist.ReduceOp.MAX)
        if not torch.equal(low, high):
            raise RuntimeError("the workers hold different parameters")
`);
