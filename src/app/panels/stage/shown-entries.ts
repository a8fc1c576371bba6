/** Views of many entries at once: what the view asks for, and its figure at a step. */
import type { ViewJson } from '../../../core/experiment/experiment.ts';
import { type MatrixParameter, matrixFigure, parallelFigure } from '../../figures/entries-figure.ts';
import type { Figure } from '../../figures/figure.ts';
import { mostMoving, PAIRED, pairsFigure } from '../../figures/pairs-figure.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Study } from '../../study.ts';
import { matrixParameters } from './matrix-parameter.ts';
import { viewKindOf } from './view-kinds.ts';

export type ShownEntries =
  | { readonly kind: 'parallel' }
  | { readonly kind: 'pairs'; readonly entries: readonly number[] }
  /** `matrix` is one of `matrices`. */
  | { readonly kind: 'matrix'; readonly matrices: readonly MatrixParameter[]; readonly matrix: MatrixParameter };

/** Null where the view is of a plane or of space. The view's axes name the entries of pairs, or the matrix. */
export function shownEntries(study: Study, scene: Scene, view: ViewJson): ShownEntries | null {
  const kind = viewKindOf(study, view);
  if (kind === 'parallel') return { kind };
  if (kind === 'pairs') return { kind, entries: pairedEntries(scene, view.axes) };
  if (kind !== 'matrix') return null;
  const matrices = matrixParameters(study);
  const matrix = matrices.find(({ name }) => view.axes?.length === 1 && name === view.axes[0]) ?? matrices[0];
  return matrix ? { kind, matrices, matrix } : null;
}

/** Those that the view names, where they are as many as are shown; else those that move most. */
function pairedEntries(scene: Scene, axes: readonly string[] = []): readonly number[] {
  const named = axes.map((axis) => scene.parameterNames.indexOf(axis)).filter((entry) => entry >= 0);
  const wanted = Math.min(PAIRED, scene.size);
  return named.length === wanted && new Set(named).size === wanted ? named : mostMoving(scene);
}

/** A matrix that moves is drawn over the last still one; what else moves, over a graph without it (`isStill` false). */
export function entriesFigure(scene: Scene, shown: ShownEntries, step: number, isStill = true): Figure {
  if (shown.kind === 'matrix') return matrixFigure(scene, shown.matrix, step);
  const at = isStill ? step : null;
  return shown.kind === 'pairs' ? pairsFigure(scene, shown.entries, at) : parallelFigure(scene, at);
}
