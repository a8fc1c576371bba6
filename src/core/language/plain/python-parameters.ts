/** What CVXPY, SciPy and PyTorch learn → `param` lines. */
import { callOf, type PythonCall } from './python-lines.ts';
import { arrayIn, type PythonScope } from './python-scope.ts';
import { safe } from './python-words.ts';

const DRAWN = /^(?:randn|standard_normal|normal|rand|uniform|random|randint|integers)$/u;

/** Whether its numbers are drawn at random. */
export const isDrawn = ({ name }: PythonCall): boolean => DRAWN.test(name);

/** `cp.Variable((2, 3), nonneg=True)`, `torch.zeros(3, requires_grad=True)`, `nn.Parameter(torch.randn(3))`. */
export function parameterOf(
  scope: PythonScope,
  name: string,
  { name: made, args, options }: PythonCall,
): { readonly line: string; readonly constraints: readonly string[] } {
  for (const option of ['boolean', 'integer'])
    if (options.get(option) === 'True') scope.refuse(`It has ${option} variables: parameters here are real numbers.`);
  if (made !== 'Variable') {
    const value = made === 'Parameter' ? (args[0] ?? '') : `${made}(${args.join(', ')})`;
    return { line: startLine(scope, name, value), constraints: [] };
  }
  const shape = scope.shapeOf(options.get('shape') ?? args[0] ?? '');
  const are = (option: string) => options.get(option) === 'True';
  const constraints = [
    ...(are('nonneg') || are('pos') ? [`${name} >= 0`] : []),
    ...(are('nonpos') || are('neg') ? [`${name} <= 0`] : []),
    ...(are('symmetric') ? [`${name} in symmetric`] : []),
    ...(are('PSD') ? [`${name} in psd`] : []),
  ];
  return { line: `param ${safe(name)}${shape}`, constraints };
}

/** The `param` line of a name that starts at this value: written out, drawn, or all alike. */
export function startLine(scope: PythonScope, name: string, value: string): string {
  const given = scope.given(value);
  const call = callOf(given);
  const literal = arrayIn(given);
  if (literal !== null) return `param ${safe(name)} = ${literal}`;
  if (call && isDrawn(call)) {
    const isUniform = /^(?:rand|random|uniform)$/u.test(call.name);
    const shape = scope.shapeOf(
      call.options.get('size') ?? (call.args.length === 1 ? (call.args[0] ?? '') : `(${call.args.join(', ')})`),
    );
    return `param ${safe(name)}${shape} ~ ${isUniform ? 'uniform(0, 1)' : 'normal(0, 1)'}`;
  }
  if (call && /^(?:zeros|ones|full)$/u.test(call.name)) {
    const shape = scope.shapeOf(
      call.args[0]?.startsWith('(') || call.name === 'full' ? (call.args[0] ?? '') : `(${call.args.join(', ')})`,
    );
    const entry = call.name === 'zeros' ? '' : ` = ${call.name === 'ones' ? '1' : (call.args[1] ?? '0')}`;
    return `param ${safe(name)}${shape}${entry}`;
  }
  return scope.refuse(`How many entries ${name} has is not in the text.`);
}
