import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lower } from './lower.ts';
import { programOf, sumOne, varied, withLength } from './programs.fixture.ts';
import { literal } from './scalar.ts';

describe('lowering to one kernel', () => {
  it('writes projected gradient on a sum as unrolled scalars', async () => {
    await expect(lower(sumOne()).wgsl).toMatchFileSnapshot('./sum-one.golden.wgsl');
  });

  it('writes loops with counted turns, schedules as a table, outputs at records only', async () => {
    await expect(lower(varied()).wgsl).toMatchFileSnapshot('./varied.golden.wgsl');
  });

  it('is deterministic, so that equal programs share a compiled kernel', () => {
    expect(lower(varied())).toEqual(lower(varied()));
  });

  it('reads settings and starts from buffers: neither is in the text', () => {
    const { constants, wgsl } = lower(sumOne());
    expect(constants.map(({ size }) => size)).toEqual([1, 3]); // η and A⁺
    expect(wgsl).not.toMatch(/learningRate/);
  });

  it('drops products with 0 and factors of 1', () => {
    const program = programOf(3, ({ ops, x }) => {
      const A = ops.constant([1, 0, -2], [1, 3]);
      return { next: ops.multiply(x, ops.broadcast(ops.matmul(A, x), [3])) };
    });
    expect(lower(program).wgsl).toContain('= s0_0 + (-2.0) * s0_2;');
  });

  it('swaps slots without losing one', () => {
    const program = programOf(2, ({ ops, x }) => ({ next: ops.concat([ops.row(x, 1), ops.row(x, 0)]) }));
    expect(lower(program).wgsl).toMatch(/let n_s0_0 = s0_1;\s+let n_s0_1 = s0_0;\s+s0_0 = n_s0_0;\s+s0_1 = n_s0_1;/);
  });

  it('computes what no step reads once for each record, in the last step before it', () => {
    const { wgsl } = lower(withLength());
    expect(wgsl.match(/square_root\(/g)).toHaveLength(2); // the function, and one call
    expect(wgsl).toContain('let several = (max(end - t, 1u) - 1u) / 8u;');
  });

  it('lets a start rest only where no step asks for t', () => {
    const resting = lower(sumOne(), 'until rest').wgsl;
    expect(resting).toMatch(/let moved = .*let swung = .*if \(rests\) \{\s*rested = cursor \+ 1u;\s*break;/s); // what follows a rest comes after the loop
    expect(resting.match(/let v6_0 = /g)).toHaveLength(4 + 1 + 2 + 2); // four at a turn, one by itself, two ahead, and those two again at rest
    expect(lower(varied(), 'until rest').wgsl).toBe(lower(varied(), 'plain').wgsl);
    expect(lower(sumOne()).wgsl).not.toContain('moved');
  });

  it('carries two starts in an invocation under names of their own, and asks once for what both share', () => {
    const [alone, paired] = [lower(sumOne(), 'until rest'), lower(sumOne(), 'pairs until rest')];
    const defined = (wgsl: string) => [...wgsl.matchAll(/(?:let|var) (\w+)/g)].map(([, name]) => name ?? '').sort();
    const names = defined(paired.wgsl);
    const ofFirst = names.filter((name) => !name.endsWith('b'));
    expect(paired.startsPerWorkgroup).toBe(2 * alone.startsPerWorkgroup);
    expect(ofFirst).toEqual(defined(alone.wgsl));
    expect(names.filter((name) => name.endsWith('b') && !ofFirst.includes(name.slice(0, -1)))).toEqual([]);
    expect(names.filter((name) => /^k\d.*b$/.test(name))).toEqual([]);
    expect(paired.wgsl.match(/let v6_0b = /g)).toHaveLength(4 + 1 + 2 + 2);
  });

  it('writes a long step once, and looks back instead of ahead', () => {
    const long = programOf(1, ({ ops, x }) => {
      let next = x;
      for (let k = 0; k < 100; k++) next = ops.multiply(ops.add(next, x), 0.5);
      return { next };
    });
    const [plain, resting] = [lower(long, 'plain'), lower(long, 'until rest')];
    expect(resting.wgsl).toMatch(/moved = .*\n.*swung = /);
    expect(resting.lines - plain.lines).toBeLessThan(30);
  });

  it('counts its loops down: of those a compiler knows that they end, and adds no counter of its own', () => {
    for (const variant of ['runs', 'plain', 'watched'] as const)
      for (const [loop] of lower(sumOne(), variant).wgsl.matchAll(/for \(.*\{/g)) expect(loop).toMatch(/> 0u; \w+--\)/);
  });

  it('counts the turns of loops as operations', () => {
    const looped = (count: number) =>
      lower(
        programOf(1, ({ ops, x }) => ({
          next: ops.add(0, ops.repeat(count, [x], ([c]) => [ops.multiply(0.5, c ?? x)])[0] ?? x),
        })),
      );
    expect(looped(1000).lines).toBe(looped(2).lines);
    expect(looped(1000).operations).toBeGreaterThan(1000);
  });

  it('is ASCII, whatever states and settings are called', () => {
    const program = programOf(1, ({ x, ops, setting }) => ({
      next: ops.multiply(x, setting('ρ"; } //')),
      outputs: { 'λ\n': ops.negate(x) },
    }));
    expect(lower(program).wgsl).toMatch(/^[\n\x20-\x7e]*$/);
  });
});

describe('literals', () => {
  it('are read back as the same f32, with a point or an exponent, negative ones in parentheses', () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(Infinity, -Infinity)), (value) => {
        const { text } = literal(value);
        const largest = 3.4028234663852886e38;
        expect(Math.fround(Number(text.replace(/[()]/g, '')))).toBe(
          Math.fround(Math.min(largest, Math.max(-largest, value))),
        );
        expect(text).toMatch(/^(\d+(\.\d+)?(e-?\d+)?|\(-\d+(\.\d+)?(e-?\d+)?\))$/);
        expect(text).toMatch(/[.e]/);
        expect(Math.abs(Number(text.replace(/[()]/g, '')))).toBeLessThanOrEqual(largest); // else Tint refuses it
      }),
      { numRuns: 2000 },
    );
  });

  it('writes a chain of thousands of values, which ask for one another, without a deep stack', () => {
    const program = programOf(1, ({ ops, x }) => {
      let sum = x;
      for (let k = 0; k < 6000; k++) sum = ops.add(ops.multiply(sum, x), x);
      return { next: sum, outputs: {} };
    });
    expect(lower(program).wgsl.split('\n').length).toBeGreaterThan(12_000);
  });
});
