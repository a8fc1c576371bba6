/** The figure that a scene's axes ask for: a curve, a plane or a space. */
import type { Figure } from './figure.ts';
import { figureTernary } from './figure-ternary.ts';
import { figure1d } from './figure1d.ts';
import { type FigureOptions, figure2d } from './figure2d.ts';
import { figure3d } from './figure3d.ts';
import type { Scene } from './scene.ts';

export function sceneFigure(scene: Scene, options?: FigureOptions): Figure {
  switch (scene.axes.length) {
    case 1:
      return figure1d(scene, options);
    case 2:
      return scene.ternary ? figureTernary(scene, options) : figure2d(scene, options);
    case 3:
      return figure3d(scene, options);
  }
}

/** The picture in a sentence, for who does not see it. */
export function describeScene({ runs, axes, parameterNames, ternary, optimum }: Scene): string {
  const names = (ternary?.names ?? axes.map((axis) => parameterNames[axis] ?? '')).join(', ');
  const visible = runs.filter((run) => run.visible);
  const ends = visible.map(
    ({ label, steps, status }) => `${label}: ${steps.at(-1) ?? 0} steps${status === undefined ? '' : `, ${status}`}`,
  );
  return `Trajectories over ${names}. ${ends.join('; ') || 'No run yet'}.${optimum ? ' A ring marks the optimum.' : ''}`;
}
