/** Canvases above a graph: as fine as the screen, and drawn on in CSS pixels. */
const onScreen = (length: number): number => Math.max(1, Math.round(length * devicePixelRatio));

/** Gives the canvas the pixels of a part of the screen so large. Where their number changes, what was drawn is gone. */
export function fitCanvas(
  context: CanvasRenderingContext2D,
  { width, height }: { readonly width: number; readonly height: number },
): void {
  const { canvas } = context;
  if (canvas.width !== onScreen(width)) canvas.width = onScreen(width);
  if (canvas.height !== onScreen(height)) canvas.height = onScreen(height);
  context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
}
