/** One Plotly graph. It draws what it is given; layers that move lie above it and take the place of its axes from `plot`. */
import { Box, Skeleton } from '@mantine/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useErrorBoundary } from 'react-error-boundary';
import type { Figure } from '../../figures/figure.ts';
import { FigureOnItsWay, figureIsDrawn } from '../figure-on-its-way.tsx';
import { createPlotHost, type Interaction, type Plot, type PlotHost } from './plot-host.ts';
import { TwoFingersHint } from './two-fingers-hint.tsx';

export interface PlotlyFigureProps {
  /** Null: the first is not whole yet. */
  readonly figure: Figure | null;
  /** What a screen reader says of the picture. */
  readonly label: string;
  readonly interaction: Interaction;
  /** Layers above the graph, once it is drawn. */
  readonly children?: (plot: Plot) => ReactNode;
  /** The graph once it is drawn; null when it is gone. */
  readonly onPlot?: (plot: Plot | null) => void;
}

export function PlotlyFigure({ figure, label, interaction, children, onPlot }: PlotlyFigureProps) {
  const element = useRef<HTMLElement>(null);
  const host = useRef<PlotHost | null>(null);
  const [plot, setPlot] = useState<Plot | null>(null);
  const [swipes, setSwipes] = useState(0);
  const { showBoundary } = useErrorBoundary();

  useEffect(() => {
    if (element.current === null) return;
    const created = createPlotHost(element.current, {
      interaction,
      onReady: () => setPlot(created),
      onFailure: showBoundary,
      onSwipe: () => setSwipes((count) => count + 1),
    });
    host.current = created;
    return () => {
      setPlot(null);
      host.current = null;
      created.dispose();
    };
  }, [interaction, showBoundary]);

  useEffect(() => {
    if (plot !== null && interaction !== 'chart') figureIsDrawn();
    onPlot?.(plot);
  }, [plot, interaction, onPlot]);

  useEffect(() => {
    host.current?.show(figure);
  }, [figure]);

  return (
    <Box pos="relative" w="100%" h="100%" style={{ overflow: 'hidden' }}>
      {plot === null && (
        <Box pos="absolute" top={0} left={0} w="100%" h="100%" aria-hidden>
          {interaction === 'chart' ? <Skeleton h="100%" radius="md" /> : <FigureOnItsWay />}
        </Box>
      )}
      <figure
        ref={element}
        aria-label={label}
        style={{
          margin: 0,
          width: '100%',
          height: '100%',
          willChange: 'transform',
          touchAction: interaction === 'plane' ? 'pan-x pan-y' : undefined, // two fingers magnify it, not the page
          visibility: plot === null ? 'hidden' : undefined, // until it is whole
        }}
      />
      {plot !== null && children?.(plot)}
      {swipes > 0 && <TwoFingersHint key={swipes} />}
    </Box>
  );
}
