/** Kernels of one workgroup read only names that an enclosing block declares: what a compiler would say, without a device. */
import { expect, it } from 'vitest';
import { at } from '../../core/diagnostic.ts';
import { METHODS, PROJECTIONS, workgroupText } from './all-programs.fixture.ts';

const NUMBERED = /\b(?:[av]|turn)\d+\b/g;

/** Lines that read a name outside the block that declares it, or before it does. */
function astray(wgsl: string): string[] {
  const scopes: Set<string>[] = [new Set()];
  return wgsl.split('\n').flatMap((line) => {
    const declared = /^\s*(?:for \()?(?:let|var) (\w+)/.exec(line)?.[1];
    const opens = line.split('{').length - line.split('}').length;
    if (opens < 0) scopes.pop();
    if (opens > 0) scopes.push(new Set());
    const read = [...line.matchAll(NUMBERED)].map(([name]) => name).filter((name) => name !== declared);
    if (declared) at(scopes, scopes.length - 1).add(declared);
    return read.filter((name) => !scopes.some((scope) => scope.has(name))).map((name) => `${name}: ${line.trim()}`);
  });
}

it('finds a name that is read after its block', () => {
  const text = (line: string) => `{\n  {\n    let v1 = 1.0;\n    let a2 = v1;\n  }\n  ${line}\n}`;
  expect(astray(text('let a3 = v1;'))).toEqual(['v1: let a3 = v1;']);
  expect(astray(text('let a3 = 1.0;'))).toEqual([]);
});

it.each([...PROJECTIONS, ...METHODS])('$name', ({ job }) => {
  const kernel = workgroupText(job);
  if ('wgsl' in kernel) expect(astray(kernel.wgsl)).toEqual([]);
  else expect(kernel.reason).toMatch(/changes every step|workgroup memory|largest of no numbers/);
});
