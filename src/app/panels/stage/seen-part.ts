/** Which part of the plane or of space a picture shows: what came with the experiment, what the reader chose, else what the runs need. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useSameEntries } from '../../components/plot/use-same-entries.ts';
import type { Range } from '../../figures/figure.ts';
import type { Axes, Scene, View2d } from '../../figures/scene.ts';
import { settledView, viewBox, windowOf } from '../../figures/view-box.ts';

/**
 * The view follows the runs, but keeps still while small changes fit into it, and while the start `isHeld`: one that grew under a hand
 * at its edge would carry the start away. One made before there were runs gives way to theirs.
 */
export function useSettledView(scene: Scene, isHeld: boolean): readonly Range[] {
  const settled = useRef<{ readonly axes: Axes; readonly view: readonly Range[]; readonly hasRuns: boolean } | null>(
    null,
  );
  const { runs, size, optimum, ternary, start, bounds } = scene;
  const axes = useSameEntries(scene.axes);
  return useMemo(() => {
    const { current: before } = settled;
    if (isHeld && before?.axes === axes) return before.view;
    const needed = viewBox({
      runs,
      size,
      start,
      axes,
      ...(optimum && { optimum }),
      ...(ternary && { ternary }),
      ...(bounds && { bounds }),
    });
    const hasRuns = runs.some(({ steps }) => steps.length > 0);
    const view = settledView(before?.axes === axes && before.hasRuns === hasRuns ? before.view : null, needed);
    settled.current = { axes, view, hasRuns };
    return view;
  }, [runs, size, optimum, axes, ternary, start, bounds, isHeld]);
}

/**
 * The part of the plane that came with the experiment, until the reader asks for all of it. What is chosen by hand stays with the
 * graph; it is only told. `isPart`: the picture shows one of these, so that what the runs need may be out of sight.
 */
export function useGivenPart(
  { axes, ternary }: Scene,
  given: View2d | null,
  onPart: ((part: View2d | null) => void) | undefined,
) {
  const [first] = useState({ axes: axes.join(' '), part: ternary || axes.length > 2 ? null : given });
  const [isLeft, setLeft] = useState(false);
  const [movedAxes, setMovedAxes] = useState<string | null>(null);
  const choosePart = (part: View2d | null) => {
    setMovedAxes(part === null ? null : axes.join(' '));
    if (part === null) setLeft(true);
    if (!ternary) onPart?.(part);
  };
  const part = isLeft || first.axes !== axes.join(' ') ? null : first.part;
  return { part, isPart: part !== null || movedAxes === axes.join(' '), choosePart };
}

type OnWindow = ((window: View2d, depth?: Range) => void) | undefined;

/** Before the graph of a plane is drawn, the window that it will show: the loss is sampled there meanwhile, and comes with the first drawing. */
export function useFirstWindow(
  view: readonly Range[] | null,
  { width, height }: { readonly width: number; readonly height: number },
  onWindow: OnWindow,
) {
  const newest = useRef(onWindow);
  useEffect(() => {
    newest.current = onWindow;
  }, [onWindow]);
  useEffect(() => {
    const window = view && windowOf(view, width, height);
    if (window) newest.current?.(window);
  }, [view, width, height]);
}

/** In space the window is the view itself, a little wider, so that a set that bulges out of it is seen. */
export function useSpaceWindow(view: readonly Range[] | null, onWindow: OnWindow) {
  const newest = useRef(onWindow);
  useEffect(() => {
    newest.current = onWindow;
  }, [onWindow]);
  useEffect(() => {
    const [x, y, z] = view ?? [];
    if (x && y && z) newest.current?.([x, y], z);
  }, [view]);
}
