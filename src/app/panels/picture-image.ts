/** The picture that the page shows, as a file: for the menu of the figure and for `feasible.export`. */
import type { Catalog } from '../../core/contracts.ts';
import { figureImage, type ImageFormat } from '../components/figure-image.ts';
import { lookOf } from '../figures/look.ts';
import type { Theme } from '../figures/scene.ts';
import { sceneFigure } from '../figures/scene-figure.ts';
import { runNames } from '../store/run-name.ts';
import type { Picture } from '../store/run-slice.ts';
import type { Store } from '../store/store.ts';
import { sceneOf } from './scene.ts';
import { viewKindOf } from './view-kinds.ts';

export interface PictureImageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

const planeFor = ({ study }: Picture, view: Store['view'], plane: Store['plane']) =>
  plane?.study === study && plane.seen.kind === viewKindOf(study, view) ? plane.seen : null;

/** The whole paths of the visible runs on the feasible set, as the view names them; null while nothing was computed. */
export async function pictureImage(
  { picture, experiment, view, field, plane }: Pick<Store, 'picture' | 'experiment' | 'view' | 'field' | 'plane'>,
  catalog: Catalog,
  format: ImageFormat,
  { theme = 'light', ...size }: PictureImageOptions = {},
): Promise<Blob | null> {
  if (picture === null) return null;
  const runs = experiment.runs ?? [];
  const scene = sceneOf({ picture, runs, view, field, catalog, theme, plane: planeFor(picture, view, plane) });
  const names = runNames(runs, catalog);
  const named = { ...scene, runs: scene.runs.map((run) => ({ ...run, label: names[Number(run.id)] ?? run.label })) };
  const options = { ...size, background: lookOf(theme).surface, ...(experiment.title && { title: experiment.title }) };
  return figureImage(sceneFigure(named), format, options);
}
