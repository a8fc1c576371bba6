/** What a training loop does to a parameter after the step, as the constraint that it keeps: `w.clamp_(0, 1)` keeps 0 ≤ w ≤ 1. */
import { callOf, type PythonCall } from './python-lines.ts';

export type Kept =
  | { readonly member: string; readonly low: string; readonly high: string }
  | { readonly relation: string };

const FREE = 'None';
const MODULE = /^(?:torch|np|numpy|jnp|F|tf|mx)\./u;

/** A step that keeps a constraint, as the constraint: `w.clamp(0, 1)` and `clip(w, 0, 1)` → `0 <= w <= 1`; null of anything else. */
export function relationOf(step: string): string | null {
  const call = callOf(step.trim());
  const owner = call?.path.replace(MODULE, '').replace(/\.?\w+$/u, '') || (call?.args[0] ?? '');
  const kept =
    call && /^[A-Za-z_]\w*$/u.test(owner) ? changed(owner, { ...call, path: call.path.replace(MODULE, '') }) : null;
  if (!kept || 'relation' in kept) return kept?.relation ?? null;
  const { low, member, high } = kept;
  if (low === FREE) return high === FREE ? null : `${member} <= ${high}`;
  return high === FREE ? `${member} >= ${low}` : `${low} <= ${member} <= ${high}`;
}

/** Undefined of a line that is about no parameter; null of a change that is no constraint known here. */
export function keptBy(line: string, isParameter: (name: string) => boolean): Kept | 'step' | null | undefined {
  const [subject = ''] = /^[A-Za-z_]\w*(?=[\s.])/u.exec(line) ?? [];
  if (isParameter(subject) && /\.grad\b|requires_grad/u.test(line)) return 'step';
  const [, name = '', change = ''] = /^([A-Za-z_]\w*)(?:\.data)?\s*((?:[-+*/@]?=(?!=)|\.\w+_\().*)$/su.exec(line) ?? [];
  if (!isParameter(name)) return undefined;
  const plain = change.replace(/\.data\b|\.detach\(\)/gu, '');
  const [, sign = '', value = ''] = /^([-+*/@]?)=\s*(.*)$/su.exec(plain) ?? [];
  if (sign === '/') return quotient(name, value);
  if (sign !== '') return null;
  const call = callOf(value || `${name}${plain}`);
  if (call?.name === 'copy_') return become(name, call.args[0] ?? '');
  return value ? become(name, value) : changed(name, call);
}

function become(name: string, value: string): Kept | null {
  const [whole, divisor] = new RegExp(`^${name}\\s*/\\s*(.*)$`, 'su').exec(value) ?? [];
  return whole === undefined ? changed(name, callOf(value)) : quotient(name, divisor ?? '');
}

/** `w.clamp(…)`, `torch.clamp(w, …)` and the like. */
function changed(name: string, call: PythonCall | null): Kept | null {
  if (call === null) return null;
  const isOwn = call.path === `${name}.${call.name}`;
  if (!isOwn && call.args[0] !== name) return null;
  const [first = FREE, second = FREE] = isOwn ? call.args : call.args.slice(1);
  const { options } = call;
  switch (call.name.replace(/_$/u, '')) {
    case 'clamp':
    case 'clip':
      return { member: name, low: options.get('min') ?? first, high: options.get('max') ?? second };
    case 'clamp_min':
      return { member: name, low: options.get('min') ?? first, high: FREE };
    case 'clamp_max':
      return { member: name, low: FREE, high: options.get('max') ?? first };
    case 'relu':
      return { member: name, low: '0', high: FREE };
    case 'div':
      return quotient(name, first);
    default:
      return null;
  }
}

/** w/sum(w) and w/‖w‖ keep what is divided by at 1; w/max(1, ‖w‖) keeps it from being more. */
function quotient(name: string, divisor: string): Kept | null {
  const call = callOf(divisor);
  const measure = measureOf(name, call);
  if (measure !== null) return { relation: `${measure} = 1` };
  const isOne = (text: string | undefined) => text !== undefined && Number(text) === 1;
  const [first, second] = call?.args ?? [];
  const [, own] = /^(.*\))\.(?:clamp|clip)\(min=1(?:\.0*)?\)$/su.exec(divisor) ?? [];
  const most =
    own ??
    (call?.name === 'max' && isOne(first) ? second : undefined) ??
    (call?.name === 'max' && isOne(second) ? first : undefined) ??
    (call?.name === 'clamp' && isOne(call.options.get('min')) ? first : undefined);
  const bounded = measureOf(name, callOf(most ?? ''));
  return bounded?.startsWith('norm') ? { relation: `${bounded} <= 1` } : null;
}

/** `w.sum()`, `torch.norm(w)`. */
function measureOf(name: string, call: PythonCall | null): string | null {
  if (call === null || (call.name !== 'sum' && call.name !== 'norm') || call.options.size > 0) return null;
  const rest = call.path === `${name}.${call.name}` ? call.args : call.args.slice(1);
  const isOfName = call.path === `${name}.${call.name}` || call.args[0] === name;
  return isOfName && (rest.length === 0 || (call.name === 'norm' && rest[0] === '2')) ? `${call.name}(${name})` : null;
}
