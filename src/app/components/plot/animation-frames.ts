/** The playing figure frame by frame: the graph as it is looked at, the paths above it, and the clock in a corner. */
import type { Figure } from '../../figures/figure.ts';
import type { ForceArrows } from '../../figures/force-arrows.ts';
import { lookOf } from '../../figures/look.ts';
import { motionPaths } from '../../figures/motion-path.ts';
import { clockUnit, type Scene } from '../../figures/scene.ts';
import { duration, type PlaybackSnapshot } from '../../playback/playback.ts';
import { stepAt } from '../../playback/step-scale.ts';
import { arrowLook } from './arrow-canvas.ts';
import { blobOf } from './figure-image.ts';
import { createMotionCanvas } from './motion-canvas.ts';
import type { Plot } from './plot-host.ts';

/** How long the end is held. */
export const HOLD_MS = 1200;
const [SHORTEST_MS, LONGEST_MS] = [1000, 8000];

/** The steps of the frames, from the first to the last, as playing shows them; bounded, whatever the run and the speed. */
export function frameSteps(
  { lastStep, speed, scale }: Pick<PlaybackSnapshot, 'lastStep' | 'speed' | 'scale'>,
  framesPerSecond: number,
): number[] {
  const lasts = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, duration(lastStep) / speed));
  const last = Math.max(1, Math.round((lasts / 1000) * framesPerSecond));
  return Array.from({ length: last + 1 }, (_, k) => stepAt(k / last, lastStep, scale));
}

/** Width and height in whole even pixels, as some encoders want them, with the proportions of the graph and at most `longest` a side. */
export function frameSize(width: number, height: number, longest: number): readonly [number, number] {
  const scale = Math.min(2, longest / Math.max(width, height, 1));
  const even = (length: number) => Math.max(2, 2 * Math.round((length * scale) / 2));
  return [even(width), even(height)];
}

export interface Frames {
  readonly canvas: HTMLCanvasElement;
  /** Paints the frame of a step, not rounded. */
  draw(step: number): void;
}

/** A frame to draw over the one before: `still` where nothing changed, which packs to a tenth. */
export const changesOf = (before: Uint8Array, index: Uint8Array, still: number): Uint8Array =>
  index.map((color, i) => (color === before[i] ? still : color));

export interface FramesOptions {
  readonly plot: Plot;
  /** The graph without paths of its own, or with faint ones. */
  readonly figure: Figure;
  readonly scene: Scene;
  readonly arrows?: ForceArrows | null | undefined;
  /** In pixels, of the longer side. */
  readonly longest: number;
}

/** Null while the graph is not drawn yet. */
export async function animationFrames({
  plot,
  figure,
  scene,
  arrows = null,
  longest,
}: FramesOptions): Promise<Frames | null> {
  const { element } = plot;
  const isSpace = scene.axes.length === 3;
  const projector = plot.projector();
  const [width, height] = [element.clientWidth, element.clientHeight];
  if (!projector || width === 0 || height === 0) return null;
  const look = lookOf(scene.theme);
  const seen = plot.asSeen(figure);
  const { default: plotly } = isSpace ? await import('./plotly-3d.ts') : await import('./plotly-2d.ts');
  const layout = { ...seen.layout, autosize: false, paper_bgcolor: look.surface, plot_bgcolor: look.surface };
  const size = frameSize(width, height, longest);
  const address = await plotly.toImage(
    { data: [...seen.data], layout },
    { format: 'png', width, height, scale: size[0] / width },
  );
  const graph = await createImageBitmap(blobOf(address));
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = size;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) return null;
  const [trail, heads] = [document.createElement('canvas'), document.createElement('canvas')];
  const motion = createMotionCanvas(trail, heads);
  if (motion === null) return null;
  motion.setPaths(motionPaths(scene), look.surface);
  motion.setArrows(arrows, arrowLook(scene.theme));
  motion.setProjector(projector);
  return {
    canvas,
    draw(step) {
      motion.draw(step);
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = look.surface;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(graph, 0, 0, canvas.width, canvas.height);
      context.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
      for (const layer of [trail, heads])
        context.drawImage(layer, projector.left, projector.top, projector.width, projector.height);
      context.fillStyle = look.ink;
      context.font = '13px system-ui, sans-serif';
      context.textAlign = 'right';
      context.fillText(`${clockUnit(scene.runs)} ${Math.round(step)}`, width - 14, 20);
    },
  };
}
