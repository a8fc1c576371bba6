/** Frames → a file that plays: GIF by gifenc, WebM by the browser's own recorder. */
import { changesOf, type Frames, HOLD_MS } from './animation-frames.ts';
import { webmType } from './webm-type.ts';

export type AnimationFormat = 'gif' | 'webm';

export interface Making {
  /** The share that is done, in [0, 1]. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** GIFs know hundredths of a second. */
export const FRAMES_PER_SECOND: Readonly<Record<AnimationFormat, number>> = { gif: 20, webm: 30 };

/** And one index for what stays as it was. */
const COLORS = 255;

/** Lets the page answer between two frames; rejects when the work is cancelled. */
function breath(signal: AbortSignal, milliseconds = 0): Promise<void> {
  return new Promise((resolve, reject) => {
    setTimeout(() => (signal.aborted ? reject(signal.reason) : resolve()), milliseconds);
  });
}

/** The next frame is drawn over this one. */
const KEEP = 1;

/** One palette for all frames, of the last one, in which all paths are whole: colours do not flicker. */
export async function gifOf(
  { canvas, draw }: Frames,
  steps: readonly number[],
  { onProgress, signal }: Making,
): Promise<Blob> {
  const { applyPalette, GIFEncoder, quantize } = await import('gifenc');
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas to draw on.');
  const { width, height } = canvas;
  const pixels = () => context.getImageData(0, 0, width, height).data;
  draw(steps.at(-1) ?? 0);
  const palette = quantize(pixels(), COLORS);
  const still = palette.length;
  const table = [...palette, [0, 0, 0]];
  let before: Uint8Array | null = null;
  const gif = GIFEncoder();
  const delay = 1000 / FRAMES_PER_SECOND.gif;
  for (const [k, step] of steps.entries()) {
    draw(step);
    const index = applyPalette(pixels(), palette);
    const drawn = before ? changesOf(before, index, still) : index;
    before = index;
    const isLast = k === steps.length - 1;
    gif.writeFrame(drawn, width, height, {
      ...(k === 0 ? { palette: table, repeat: 0 } : { transparent: true, transparentIndex: still }),
      delay: isLast ? HOLD_MS : delay,
      dispose: KEEP,
    });
    onProgress((k + 1) / steps.length);
    await breath(signal);
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: 'image/gif' });
}

/** Recorded as it plays: it takes as long as it lasts. */
export async function webmOf(
  { canvas, draw }: Frames,
  steps: readonly number[],
  { onProgress, signal }: Making,
): Promise<Blob> {
  const type = webmType();
  if (type === null) throw new Error('This browser does not record WebM. A GIF can be saved instead.');
  draw(0);
  const stream = canvas.captureStream(FRAMES_PER_SECOND.webm);
  const recorder = new MediaRecorder(stream, { mimeType: type, videoBitsPerSecond: 4_000_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve, reject) => {
    recorder.onstop = () => resolve();
    recorder.onerror = () => reject(new Error('The browser could not record the animation.'));
  });
  recorder.start();
  try {
    for (const [k, step] of steps.entries()) {
      draw(step);
      onProgress((k + 1) / steps.length);
      await breath(signal, 1000 / FRAMES_PER_SECOND.webm);
    }
    draw(steps.at(-1) ?? 0);
    await breath(signal, HOLD_MS);
  } finally {
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
  }
  await ended;
  return new Blob(parts, { type: 'video/webm' });
}
