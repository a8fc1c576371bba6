/** Loss and violation against the step, with a cursor at the playhead. Every number was computed by the run. */
import { Box, Center, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { ChartCursor } from '../components/chart-cursor.tsx';
import { FigureFault } from '../components/figure-fault.tsx';
import { PlotlyFigure } from '../components/plotly-figure.tsx';
import { convergenceFigure } from '../figures/convergence-figure.ts';
import { lookOf } from '../figures/look.ts';
import type { Scene } from '../figures/scene.ts';
import type { Playback } from '../playback/playback.ts';
import { usePlayback } from '../playback/use-playback.ts';

export interface ChartsPanelProps {
  /** Null while there is no problem or no run. */
  readonly scene: Scene | null;
  readonly playback: Playback;
}

/** Below this width the charts stand one above the other. */
const NARROW = 560;

export function ChartsPanel({ scene, playback }: ChartsPanelProps) {
  const { ref, width } = useElementSize();
  const hasRecords = scene?.runs.some(({ visible, steps }) => visible && steps.length > 0) ?? false;
  return (
    <Box ref={ref} component="section" aria-label="Charts" w="100%" h="100%" mih={160}>
      {scene !== null && hasRecords ? (
        <ErrorBoundary FallbackComponent={FigureFault} resetKeys={[scene]}>
          <Charts scene={scene} playback={playback} isNarrow={width > 0 && width < NARROW} />
        </ErrorBoundary>
      ) : (
        <Center h="100%">
          <Text size="sm" c="dimmed">
            Run a method to plot loss and violation by step.
          </Text>
        </Center>
      )}
    </Box>
  );
}

interface ChartsProps {
  readonly scene: Scene;
  readonly playback: Playback;
  readonly isNarrow: boolean;
}

function Charts({ scene, playback, isNarrow }: ChartsProps) {
  const logTime = usePlayback(playback).scale === 'log';
  const figure = useMemo(
    () => convergenceFigure(scene, { logTime, arrangement: isNarrow ? 'column' : 'row' }),
    [scene, logTime, isNarrow],
  );
  const cursor = { playback, logTime, color: lookOf(scene.theme).muted };
  return (
    <PlotlyFigure figure={figure} interaction="chart" label="Loss and violation of each run against the step">
      {(plot) => (
        <>
          <ChartCursor plot={plot} xAxis="xaxis" yAxis="yaxis" {...cursor} />
          <ChartCursor plot={plot} xAxis="xaxis2" yAxis="yaxis2" {...cursor} />
        </>
      )}
    </PlotlyFigure>
  );
}
