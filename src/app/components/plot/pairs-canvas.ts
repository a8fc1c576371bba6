/** The heads of the runs in each small plane of `pairsFigure`, on a canvas of our own while they move. */
import { entriesPaths, entryBetween, shareAfter } from '../../figures/entries-motion.ts';
import { lookOf } from '../../figures/look.ts';
import { PAIR_MARK, pairsOf } from '../../figures/pairs-figure.ts';
import type { Scene } from '../../figures/scene.ts';
import { recordAt } from '../../playback/step-scale.ts';
import type { DrawEntries } from './entries-canvas.ts';
import { headsOver } from './head-canvas.ts';
import { traceSymbol } from './marker-shapes.ts';
import { readAxis } from './projector.ts';

export function pairsDrawing(scene: Scene, entries: readonly number[]): DrawEntries {
  const paths = entriesPaths(scene);
  const pairs = pairsOf(entries);
  const { surface } = lookOf(scene.theme);
  return (context, graph, step) => {
    context.lineWidth = 2.5;
    context.strokeStyle = surface;
    for (const { x: across, y: up, xAxis, yAxis } of pairs) {
      const [x, y] = [readAxis(graph, `xaxis${xAxis}`), readAxis(graph, `yaxis${yAxis}`)];
      if (!x || !y) continue;
      const heads = paths.map(({ run, steps }) => {
        const record = Math.max(0, recordAt(steps, step));
        const share = shareAfter(steps, record, step);
        const at = (entry: number) => entryBetween(run.iterates, scene.size, record, share, entry);
        return {
          x: x._offset + ((at(across) - x.range[0]) / (x.range[1] - x.range[0])) * x._length,
          y: y._offset + (1 - (at(up) - y.range[0]) / (y.range[1] - y.range[0])) * y._length,
        };
      });
      heads.forEach(({ x: px, y: py }, k) => {
        const isInside =
          px >= x._offset && px <= x._offset + x._length && py >= y._offset && py <= y._offset + y._length;
        const run = paths[k]?.run;
        if (!run || !isInside) return; // also where it is no number
        context.fillStyle = run.color;
        context.beginPath();
        traceSymbol(context, run.symbol, px, py, (PAIR_MARK.size + PAIR_MARK.ring * headsOver(heads, k)) / 2);
        context.stroke();
        context.fill();
      });
    }
  };
}
