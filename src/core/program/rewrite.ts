/** Program-to-program rewriting. */
import type { Id } from '../tensor/value.ts';
import { compact, renamed } from './compact.ts';
import type { Program } from './program.ts';
import { type RewriteRule, rebuild } from './rebuild.ts';

/** The program with its values recorded anew by a rule, in `order` where that is given, and without those that nothing reads then. */
export function rewrite(program: Program, rule: RewriteRule, order?: readonly Id[]): Program {
  const { ops, map } = rebuild(program, rule, order);
  return compact(ops, renamed(program, map));
}
