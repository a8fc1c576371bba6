/** The picture that the page shows, as a file: for the menu of the figure and for `feasible.export`. */

import type { Listing } from '../../../core/contracts.ts';
import { HIDDEN_FORCES } from '../../../core/experiment/experiment.ts';
import { forcesReporter } from '../../../core/run/forces.ts';
import { DEFAULT_SIZE, figureImage, type ImageFormat } from '../../components/plot/figure-image.ts';
import { stillArrows, withArrows } from '../../figures/arrow-marks.ts';
import type { Figure } from '../../figures/figure.ts';
import { lookOf } from '../../figures/look.ts';
import { motionPaths } from '../../figures/motion-path.ts';
import type { Scene, Theme } from '../../figures/scene.ts';
import { sceneFigure } from '../../figures/scene-figure.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { resultsByRun } from '../../store/results.ts';
import { runNames } from '../../store/run-name.ts';
import type { Picture } from '../../store/run-slice.ts';
import type { Store } from '../../store/store.ts';
import { arrowsOf, runWithArrows } from './force-arrows-of.ts';
import { sceneOf } from './scene.ts';
import { entriesFigure, shownEntries } from './shown-entries.ts';
import { viewKindOf } from './view-kinds.ts';

export interface PictureImageOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** Whether the title of the experiment stands above it. */
  readonly isTitled?: boolean;
}

const planeFor = ({ study }: Picture, view: Store['view'], plane: Store['plane']) =>
  plane?.study === study && plane.seen.kind === viewKindOf(study, view) ? plane.seen : null;

type Shown = Pick<Store, 'picture' | 'experiment' | 'view' | 'field' | 'plane' | 'selectedRun' | 'readClock'>;

/** The whole paths of the visible runs on the feasible set, as the view names them; null while nothing was computed. */
export async function pictureImage(
  state: Shown,
  catalog: Listing,
  format: ImageFormat,
  { theme = 'light', isTitled = true, ...size }: PictureImageOptions = {},
): Promise<Blob | null> {
  const title = isTitled ? state.experiment.title : '';
  const figure = pictureFigure(state, catalog, { theme, ...size });
  return figure && figureImage(figure, format, { ...size, background: lookOf(theme).surface, ...(title && { title }) });
}

/** Of that picture, before it is drawn. */
export function pictureFigure(
  state: Shown,
  catalog: Listing,
  { theme = 'light', width = DEFAULT_SIZE.width, height = DEFAULT_SIZE.height }: PictureImageOptions = {},
): Figure | null {
  const { picture, experiment, view, field, plane } = state;
  if (picture === null) return null;
  const runs = experiment.runs ?? [];
  const seenPlane = planeFor(picture, view, plane);
  const scene = sceneOf({ picture, runs, view, field, catalog, theme, plane: seenPlane });
  const names = runNames(runs, catalog);
  const named = { ...scene, runs: scene.runs.map((run) => ({ ...run, label: names[Number(run.id)] ?? run.label })) };
  const entries = shownEntries(picture.study, named, view);
  if (entries) return entriesFigure(named, entries, stepOf(state, named));
  const figure = sceneFigure(named);
  if (view.hide?.includes(HIDDEN_FORCES)) return figure;
  const still = forcesAtPlayhead(state, picture, scene, seenPlane);
  return still ? withArrows(figure, still, scene, { width, height }) : figure;
}

/** Of the clock; without one, the end of the longest run. */
const stepOf = ({ readClock }: Shown, { runs }: Scene): number =>
  readClock().playhead ?? Math.max(0, ...runs.map(({ steps }) => steps.at(-1) ?? 0));

function forcesAtPlayhead(
  { experiment, selectedRun, readClock }: Shown,
  picture: Picture,
  scene: Scene,
  plane: ReturnType<typeof planeFor>,
) {
  const { problem } = picture.study;
  const results = resultsByRun(picture, experiment.runs ?? []);
  const run = runWithArrows(results, experiment.runs, selectedRun);
  const result = results[run];
  const reporter = result ? forcesReporter(problem, result.job?.steps ?? 1) : null;
  const arrows = arrowsOf(reporter, result, run, { size: problem.size, axes: scene.axes, plane });
  const path = motionPaths(scene).find((some) => some.run === String(run));
  return stillArrows(arrows, path, path ? recordAt(path.steps, readClock().playhead ?? Infinity) : -1);
}
