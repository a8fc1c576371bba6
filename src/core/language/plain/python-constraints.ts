/** What CVXPY, SciPy and steps of training keep → relations of the language. */
import { enclosed } from './brackets.ts';
import { callOf, inBrackets, split } from './python-lines.ts';
import { type PythonScope, shortened } from './python-scope.ts';

/** low ≤ member ≤ high, entry by entry where some of the bounds are infinite. */
export function between(scope: PythonScope, low: string, member: string, high: string): string[] {
  const [from = '', to = ''] = [low, high].map((bound) => scope.inline(scope.given(bound)));
  const [lows = [], highs = []] = [from, to].map((bound) =>
    split(inBrackets(callOf(bound)?.args[0] ?? bound) ?? '', ','),
  );
  const rows = Math.max(lows.length, highs.length);
  if (rows > 0 && /inf|None/u.test(from + to)) {
    const entries = Array.from({ length: rows }, (_, i) => `${enclosed(member)}[${i}]`);
    return entries.flatMap((entry, i) => between(scope, lows[i] ?? from, entry, highs[i] ?? to));
  }
  if (isNone(from) && isNone(to)) return [];
  if (from === to) return [`${member} = ${from}`];
  if (isNone(to)) return [`${member} >= ${from}`];
  return [`${isNone(from) ? '' : `${from} <= `}${member} <= ${to}`];
}

const isNone = (bound: string): boolean => /^(?:None|[-+]?(?:np\.)?inf)$/u.test(bound.trim());

/** SciPy's `bounds`: `Bounds(0, 1)`, or a pair for each entry of x. */
export function scipyBounds(scope: PythonScope, text: string, x: string): string[] {
  const given = scope.given(text);
  const call = callOf(given);
  if (call?.name === 'Bounds') return between(scope, call.args[0] ?? '-inf', x, call.args[1] ?? 'inf');
  if (given === '') return [];
  const [, one] = /^(?:tuple|list)?[[(]\s*(\([^()]*\))\s*,?\s*(?:[\])]\s*\*.*|for\s.*[\])])$/su.exec(given) ?? [];
  const pairs = (one ? [one] : split(inBrackets(given) ?? '', ',')).map((pair) =>
    split(inBrackets(scope.given(pair)) ?? '', ','),
  );
  if (pairs.length === 0 || pairs.some((pair) => pair.length !== 2))
    scope.refuse(`The bounds ${shortened(given)} are not read.`);
  const isSame = new Set(pairs.map(String)).size === 1;
  return (isSame ? pairs.slice(0, 1) : pairs).flatMap(([low = 'None', high = 'None'], i) =>
    between(scope, low, isSame ? x : `${x}[${i}]`, high),
  );
}

/** SciPy's `{'type': 'ineq', 'fun': g}` says g ≥ 0; `LinearConstraint(A, low, high)` and `NonlinearConstraint(g, low, high)`. */
export function scipyConstraint(scope: PythonScope, text: string, x: string): string[] {
  const stated = scope.given(text);
  const call = callOf(stated);
  if (call?.name === 'LinearConstraint' || call?.name === 'NonlinearConstraint') {
    const [of = '', low = '-inf', high = 'inf'] = [
      ...call.args,
      ...['lb', 'ub'].flatMap((key) => call.options.get(key) ?? []),
    ];
    const member =
      call.name === 'LinearConstraint'
        ? `${enclosed(scope.inline(of))} @ ${x}`
        : scope.returned(scope.functionOf(of), x);
    return between(scope, low, member, high);
  }
  const entries = new Map(
    split(inBrackets(stated, '{') ?? '', ',').map((entry) => {
      const [, key = '', value = ''] = /^['"](\w+)['"]\s*:\s*(.*)$/su.exec(entry) ?? [];
      return [key, value] as const;
    }),
  );
  const f = entries.get('fun');
  if (f === undefined) return notRead(scope, text);
  const sign = /ineq/u.test(entries.get('type') ?? '') ? '>=' : '=';
  return [`${scope.returned(scope.functionOf(f), x)} ${sign} 0`];
}

/** A constraint of CVXPY: `x >= 0`, `X >> 0`, `cp.SOC(t, x)`. */
export function cvxpyRelation(scope: PythonScope, text: string): string[] {
  const stated = scope.given(text);
  const call = callOf(stated);
  const [, member, sign] = /^(.*?)(>>|<<)\s*0$/su.exec(stated) ?? [];
  if (call?.name === 'SOC') return [`norm(${call.args[1]}) <= ${call.args[0]}`];
  if (member) return [`${sign === '>>' ? member.trim() : `-(${member.trim()})`} in psd`];
  return /[<>=]=|[<>]/u.test(stated) ? [stated] : notRead(scope, text);
}

function notRead(scope: PythonScope, text: string): [] {
  scope.refuse(`The constraint ${shortened(text)} is not read.`);
  return [];
}
