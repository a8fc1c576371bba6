/** One chart: its title, what its number means, its curves with the playhead, and the same numbers as a table. */
import { Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { ChartTable } from '../../components/chart-table.tsx';
import { Explanation } from '../../components/explanation.tsx';
import { ChartCursor } from '../../components/plot/chart-cursor.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { chartFigure } from '../../figures/chart-figure.ts';
import type { Chart } from '../../figures/charts.ts';
import { lookOf } from '../../figures/look.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { usePlaybackValue } from '../../playback/use-playback.ts';
import classes from './charts-panel.module.css';

interface ChartCardProps {
  readonly chart: Chart;
  readonly scene: Scene;
  readonly playback: Playback;
}

export function ChartCard({ chart, scene, playback }: ChartCardProps) {
  const logTime = usePlaybackValue(playback, ({ scale }) => scale === 'log');
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  const figure = useMemo(() => chartFigure(scene, chart, { logTime }), [scene, chart, logTime]);
  const title = chart.title(scene);
  return (
    <div className={classes.chart}>
      <div className={classes.title}>
        <Text size="xs" fw={600}>
          {title}
        </Text>
        <Explanation title={title} text={chart.explanation} />
        <FigureMenu
          name={title}
          theme={scene.theme}
          plot={plot}
          figure={() => figure}
          onTable={() => setTableOpen(true)}
        />
      </div>
      <div className={classes.plot}>
        <PlotlyFigure
          figure={figure}
          interaction="chart"
          label={`${title} of each run against the step`}
          onPlot={setPlot}
        >
          {(graph) => (
            <ChartCursor
              plot={graph}
              xAxis="xaxis"
              yAxis="yaxis"
              playback={playback}
              logTime={logTime}
              color={lookOf(scene.theme).muted}
            />
          )}
        </PlotlyFigure>
      </div>
      {isTableOpen && <ChartTable chart={chart} scene={scene} onClose={() => setTableOpen(false)} />}
    </div>
  );
}
