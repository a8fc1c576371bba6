import { expect, it } from 'vitest';
import { outcomesOf } from '../catalog/lessons.fixture.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { defaultExperiment } from './default-experiment.ts';
import { drawFirstPicture, type Path } from './first-picture.ts';

it('is the default experiment, as the reference computes it (vitest -u draws it anew)', async () => {
  const now = () => performance.now();
  const executor = createReferenceExecutor({ now, pause: () => Promise.resolve(), reason: 'test' });
  const outcomes = await outcomesOf(defaultExperiment, executor, 'reference');
  const paths = outcomes.map(({ iterates }): Path => iterates.map(([x = 0, y = 0]) => [x, y]));
  const svg = drawFirstPicture({
    paths,
    feasible: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
  });
  expect(svg.length).toBeLessThan(15_000); // it is part of the page
  await expect(svg).toMatchFileSnapshot('../../first-picture.svg');
});
