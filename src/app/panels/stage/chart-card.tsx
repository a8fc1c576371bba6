/** One chart: its title, what its number means, its curves with the playhead, and the same numbers as a table. */
import { NativeSelect, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Explanation } from '../../components/explanation.tsx';
import { ChartCursor } from '../../components/plot/chart-cursor.tsx';
import { ChartHeads } from '../../components/plot/chart-heads.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { ChartTable } from '../../components/tables.ts';
import { useSteady } from '../../components/use-steady.ts';
import { chartFigure, withAxisTitle } from '../../figures/chart-figure.ts';
import { type Chart, chartsAcross, fullTitle, isNamed, upwards, wordFor } from '../../figures/charts.ts';
import type { Figure } from '../../figures/figure.ts';
import { lookOf } from '../../figures/look.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { usePlaybackValue } from '../../playback/use-playback.ts';
import classes from './charts-panel.module.css';

interface ChartCardProps {
  readonly chart: Chart;
  readonly scene: Scene;
  readonly playback: Playback;
  /** Another number across, by the id of its chart; null: the step. */
  readonly onAcross: (id: string | null) => void;
}

export function ChartCard({ chart, scene, playback, onAcross }: ChartCardProps) {
  const logTime = usePlaybackValue(playback, ({ scale }) => scale === 'log');
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  const figure = useMemo(() => chartFigure(scene, chart, { logTime }), [scene, chart, logTime]);
  const title = fullTitle(chart, scene);
  const drawn = useSteady(() => figure);
  const still = useSteady(async (seen: Figure) => withAxisTitle(seen, chart, scene));
  const openTable = useSteady(() => setTableOpen(true));
  return (
    <div className={classes.chart}>
      <div className={classes.title}>
        <Text size="xs" fw={600}>
          {chart.title(scene)}
        </Text>
        {isNamed(chart) && (
          <NativeSelect
            size="xs"
            variant="unstyled"
            miw={0}
            maw={180}
            aria-label={`What ${chart.title(scene)} stands against`}
            value={chart.against?.id ?? ''}
            data={[
              { value: '', label: 'against the step' },
              ...chartsAcross(scene)
                .filter(({ id }) => id !== upwards(chart.id))
                .map((other) => ({ value: other.id, label: `against ${wordFor(other, scene)}` })),
            ]}
            onChange={(event) => onAcross(event.currentTarget.value || null)}
          />
        )}
        <Explanation title={title} text={chart.explanation} />
        <FigureMenu name={title} theme={scene.theme} plot={plot} figure={drawn} still={still} onTable={openTable} />
      </div>
      <div className={classes.plot}>
        <PlotlyFigure
          figure={figure}
          interaction="chart"
          label={chart.against ? title : `${title} of each run against the step`}
          onPlot={setPlot}
        >
          {(graph) =>
            chart.against ? (
              <ChartHeads plot={graph} playback={playback} chart={chart} scene={scene} />
            ) : (
              <ChartCursor
                plot={graph}
                xAxis="xaxis"
                yAxis="yaxis"
                playback={playback}
                logTime={logTime}
                color={lookOf(scene.theme).muted}
              />
            )
          }
        </PlotlyFigure>
      </div>
      <ChartTable isOpen={isTableOpen} chart={chart} scene={scene} onClose={() => setTableOpen(false)} />
    </div>
  );
}
