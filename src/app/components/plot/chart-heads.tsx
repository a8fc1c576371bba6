/** Where each run stands at the playhead, on a chart of one number against another. */
import { useEffect, useRef } from 'react';
import { acrossOf } from '../../figures/chart-figure.ts';
import type { Chart } from '../../figures/charts.ts';
import { paceOf, type Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { recordAt } from '../../playback/step-scale.ts';
import type { Plot } from './plot-host.ts';
import { readAxis } from './projector.ts';

interface ChartHeadsProps {
  readonly plot: Plot;
  readonly playback: Playback;
  readonly chart: Chart;
  readonly scene: Scene;
}

const SIZE = 10;

export function ChartHeads({ plot, playback, chart, scene }: ChartHeadsProps) {
  const layer = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const runs = scene.runs
      .filter(({ visible }) => visible)
      .map((run) => ({ run, across: acrossOf(chart, run, scene), up: chart.curves(run, scene)[0]?.values }));
    const heads = runs.map(({ run }) => {
      const head = document.createElement('div');
      Object.assign(head.style, {
        position: 'absolute',
        width: `${SIZE}px`,
        height: `${SIZE}px`,
        borderRadius: '50%',
        background: run.color,
        willChange: 'transform',
      });
      return head;
    });
    layer.current?.replaceChildren(...heads);
    const move = (step: number) => {
      const [x, y] = [readAxis(plot.element, 'xaxis'), readAxis(plot.element, 'yaxis')];
      runs.forEach(({ run, across, up }, i) => {
        const record = recordAt(run.steps, step / paceOf(run));
        const share = ({ range, type }: NonNullable<typeof x>, value = Number.NaN) =>
          ((type === 'log' ? Math.log10(value) : value) - range[0]) / (range[1] - range[0]);
        const [right, high] = x && y ? [share(x, across?.[record]), share(y, up?.[record])] : [-1, -1];
        const { style } = heads[i] as HTMLDivElement;
        style.visibility = right >= 0 && right <= 1 && high >= 0 && high <= 1 ? 'visible' : 'hidden';
        if (x && y)
          style.transform = `translate(${x._offset + right * x._length - SIZE / 2}px, ${y._offset + (1 - high) * y._length - SIZE / 2}px)`;
      });
    };
    const ends = [plot.onPlace(() => move(playback.exactStep())), playback.onFrame(move)];
    return () => {
      for (const end of ends) end();
    };
  }, [plot, playback, chart, scene]);
  return <div ref={layer} aria-hidden style={{ pointerEvents: 'none', position: 'absolute', inset: 0 }} />;
}
