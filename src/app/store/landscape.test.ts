import { expect, it } from 'vitest';
import { catalog } from '../../catalog/registry.ts';
import { study } from '../../core/experiment/study/study.ts';
import { type Landscape, landscapeOf } from './landscape.ts';

function around(text: string, before?: Landscape): Landscape {
  const studied = study(text, 0, catalog);
  if (!studied.ok) throw new Error(JSON.stringify(studied.diagnostics));
  return landscapeOf({ text, seed: 0 }, studied.value.problem, before);
}

it('stays for another start, and not for a start of another length', () => {
  const before = around('param w = [1, 2]\nminimize sum(w^2)');
  expect(around('param w = [3, -0.25]\nminimize sum(w^2)', before)).toBe(before);
  expect(around('param w = [1, 2, 3]\nminimize sum(w^2)', before)).not.toBe(before);
});
