/** x as `torch.nn.utils.parametrize` has it: what is trained is θ, and x(θ) is computed wherever x is read. */
import type { TorchMethod, TorchScript } from './contract.ts';

interface Map {
  /** What x(θ) is, as a sentence. */
  readonly says: string;
  /** Bodies of `forward(self, theta)` and `right_inverse(self, x)`. */
  readonly forward: readonly string[];
  readonly inverse: readonly string[];
  /** θ at the start, where it is given; else it comes from START. */
  readonly start: string | null;
}

/** A body from lines that change `name`, such as `x = f(x)`. */
export function mapBody(name: string, lines: readonly string[]): string[] {
  const [only = ''] = lines;
  const isOne = lines.length === 1 && only.startsWith(`${name} = `);
  return isOne ? [only.replace(`${name} = `, 'return ')] : [...lines, `return ${name}`];
}

const method = (head: string, says: string, body: readonly string[]): string =>
  [
    `    def ${head}:`,
    ...(says === '' ? [] : [`        """${says}"""`]),
    ...body.map((line) => `        ${line}`),
  ].join('\n');

/** The whole part of a method that trains θ and nothing else. The map must not move with t. */
export function parametrized({ optimizer, objective, descend }: TorchScript, map: Map): TorchMethod {
  return {
    definitions: [
      [
        `class Feasible(torch.nn.Module):\n    """${map.says}"""`,
        method('forward(self, theta)', '', map.forward),
        method('right_inverse(self, x)', 'A theta with x(theta) = x, or a little inside.', map.inverse),
      ].join('\n\n'),
    ],
    setup: [
      'model = torch.nn.Module()',
      'model.x = torch.nn.Parameter(START.clone())',
      'parametrize.register_parametrization(model, "x", Feasible())',
      'theta = model.parametrizations.x.original',
      ...(map.start === null ? [] : ['with torch.no_grad():', `    theta.copy_(${map.start})`]),
      `optimizer = torch.optim.${optimizer.name}(model.parameters(), ${optimizer.options})`,
    ],
    step: descend('theta', `${objective}(model.x, t)`),
    iterate: 'model.x.detach()',
  };
}
