import { describe, expect, it } from 'vitest';
import { check } from '../../problem/check.ts';
import { parse } from '../parse.ts';

const DECLARED = 'param x\nparam y\n';

function told(text: string) {
  const result = parse(DECLARED + text);
  return result.ok ? [] : result.diagnostics;
}

describe('an objective within an objective', () => {
  it.each([
    'min_x max_y x^2 - y^2 + x*y',
    'minimize x max y x^2 - y^2 + x*y',
    'minimize_x maximize_y x^2 - y^2 + x*y # two players',
    'min_{x \\in R} max_{y \\in R} x^2 - y^2 + x*y',
    '\\min_x \\max_y x^2 - y^2 + x*y',
    'min over x max over y: x^2 - y^2 + x*y',
    'minimize max_y x^2 - y^2 + x*y',
  ])('%s: the inner maximum is where its slope is 0', (text) => {
    const [{ message, fix } = { message: '' }, ...others] = told(text);
    expect(others).toEqual([]);
    expect(message).toMatch(/^This is a min-max problem.*concave in y.*grad\(f, y\) = 0/);
    const mended = DECLARED + (fix?.insert ?? '');
    expect(mended).toBe(`${DECLARED}let f = x^2 - y^2 + x*y\nminimize f\nsubject to\n  grad(f, y) = 0`);
    const document = parse(mended);
    expect(document.ok && check(document.value, { seed: 0 }).ok).toBe(true);
  });

  it('turned round, it is the other one', () =>
    expect(told('max_y min_x x^2 - y^2 + x*y')[0]).toMatchObject({
      message: expect.stringMatching(/^This is a max-min problem.*convex in x/),
      fix: { insert: expect.stringMatching(/\nmaximize f\n.*\n {2}grad\(f, x\) = 0$/s) },
    }));

  it('what else restricts the inner one is not overlooked: then nothing is offered', () => {
    const [found] = told('min_x max_y x*y\nsubject to y <= 1');
    expect(found?.message).toMatch(/^This is a min-max problem/);
    expect(found?.fix).toBeUndefined();
  });

  it.each(['minimize max(x, 2y)', 'minimize max(x, y) +', 'minimize x^2 maximize y^2', 'min x^2'])(
    '%s is none',
    (text) => {
      for (const { message } of told(text)) expect(message).not.toMatch(/-m(?:ax|in) problem/);
    },
  );
});
