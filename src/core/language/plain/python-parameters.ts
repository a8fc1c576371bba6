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
  const given = scope.given(value).trim();
  const call = callOf(given);
  const number = /^(?:torch\.|np\.)?(?:tensor|FloatTensor|array)\(\s*([-+\d.e]+)\s*(?:,[^()]*)?\)$/u.exec(given)?.[1];
  if (number !== undefined) return `param ${safe(name)} = ${number}`;
  const scaled = scaledStart(scope, name, given);
  if (scaled !== null) return scaled;
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
  if (call?.name === 'eye') {
    const [rows = '', columns = rows] = call.args;
    return `param ${safe(name)}${scope.shapeOf(`(${rows}, ${columns})`)} = eye(${scope.shapeOf(rows).slice(1, -1)})`;
  }
  return scope.refuse(`How many entries ${name} has is not in the text.`);
}

/** `torch.ones(3)/3`, `0.1*torch.randn(3)` and `n*[1/n]`; null for any other value. */
function scaledStart(scope: PythonScope, name: string, value: string): string | null {
  const [, made = '', sign = '', by = ''] =
    /^([\w.]+\([^()]*(?:\([^()]*\)[^()]*)*\))\s*([*/])\s*([-\d.e]+|\w+)$/u.exec(value) ?? [];
  const [, first = '', behind = ''] = /^([-\d.e]+)\s*\*\s*([\w.]+\(.*\))$/su.exec(value) ?? [];
  const [, times, each] = /^([\w.()]+)\s*\*\s*\[([^[\],]+)\]$/u.exec(value) ?? [
    null,
    ...(/^\[([^[\],]+)\]\s*\*\s*([\w.()]+)$/u.exec(value)?.slice(1).reverse() ?? []),
  ];
  if (times && each) {
    const shape = scope.shapeOf(times);
    return `param ${safe(name)}${shape} = ${each.replaceAll(times, shape.slice(1, -1)).replaceAll(/\.(?!\d)/gu, '')}`;
  }
  const call = callOf(made || behind);
  const factor = scope.given(made === '' ? first : by);
  if (call === null || Number.isNaN(Number(factor))) return null;
  const line = startLine(scope, name, made || behind);
  const scale = made !== '' && sign === '/' ? `1/${factor}` : factor;
  if (isDrawn(call)) return line.replace(/(normal\(0, |uniform\(0, )1\)$/u, `$1${scale})`);
  return call.name === 'ones' ? line.replace(/= 1$/u, `= ${scale}`) : call.name === 'zeros' ? line : null;
}
