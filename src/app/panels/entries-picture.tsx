/** Many entries at the playhead: profiles of the runs, a matrix parameter as a heat map, or some entries each against each. */
import { Box, Group, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { matrixDrawing, profileDrawing } from '../components/entries-canvas.ts';
import { EntriesLayer } from '../components/entries-layer.tsx';
import { FigureMenu } from '../components/figure-menu.tsx';
import { pairsDrawing } from '../components/pairs-canvas.ts';
import type { Plot } from '../components/plot-host.ts';
import { PlotlyFigure } from '../components/plotly-figure.tsx';
import { RecordsTable } from '../components/records-table.tsx';
import { type MatrixParameter, matrixFigure, parallelFigure } from '../figures/entries-figure.ts';
import { pairsFigure } from '../figures/pairs-figure.ts';
import type { Scene } from '../figures/scene.ts';
import type { Playback } from '../playback/playback.ts';
import { onTransportKey } from '../playback/playback-keys.ts';
import { useRestedStep } from '../playback/use-playback.ts';

interface EntriesPictureProps {
  readonly scene: Scene;
  readonly playback: Playback;
  readonly shown: readonly MatrixParameter[] | 'parallel' | { readonly pairs: readonly number[] };
  readonly picker: ReactNode;
}

export function EntriesPicture({ scene, playback, shown, picker }: EntriesPictureProps) {
  const { step, isMoving } = useRestedStep(playback);
  const stepNow = () => playback.getSnapshot().step;
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const matrices = Array.isArray(shown) ? (shown as readonly MatrixParameter[]) : undefined;
  const matrix = matrices?.[chosen] ?? matrices?.[0];
  const pairs = typeof shown === 'object' && 'pairs' in shown ? shown.pairs : undefined;
  // A matrix that moves is drawn over the last still one, what else moves over a graph without it: what rests is drawn anew.
  const figureAt = (at: number, isStill: boolean) => {
    if (pairs) return pairsFigure(scene, pairs, isStill ? at : null);
    return matrix ? matrixFigure(scene, matrix, at) : parallelFigure(scene, isStill ? at : null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: figureAt is made of these
  const figure = useMemo(() => figureAt(step, !isMoving), [scene, matrix, pairs, step, isMoving]);
  const drawing = useMemo(() => {
    if (pairs) return pairsDrawing(scene, pairs);
    return matrix ? matrixDrawing(scene, matrix) : profileDrawing(scene);
  }, [scene, matrix, pairs]);
  const names = pairs?.map((entry) => scene.parameterNames[entry] ?? '').join(', ');
  const what = names ? `Each against each: ${names},` : matrix ? `Entries of ${matrix.name}` : 'All entries';
  const title = isMoving ? what : `${what} at step ${step}`;
  return (
    <>
      <Group justify="flex-end" gap="xs" px="sm" py={4}>
        {matrices && matrices.length > 1 && (
          <NativeSelect
            size="xs"
            aria-label="Matrix parameter"
            value={String(chosen)}
            data={matrices.map(({ name }, i) => ({ value: String(i), label: name }))}
            onChange={(event) => setChosen(Number(event.currentTarget.value))}
          />
        )}
        {picker}
        <FigureMenu
          name="Figure"
          theme={scene.theme}
          plot={plot}
          figure={() => figureAt(stepNow(), true)}
          onTable={() => setTableOpen(true)}
        />
      </Group>
      <Box
        role="application"
        aria-label="Figure; Space plays and pauses, arrows step"
        tabIndex={0}
        flex={1}
        mih={0}
        onKeyDown={(event) => onTransportKey(event, playback)}
      >
        <PlotlyFigure
          key={pairs ? 'pairs' : matrix ? 'matrix' : 'parallel'}
          figure={figure}
          interaction="plane"
          label={title}
          onPlot={setPlot}
        >
          {(graph) => <EntriesLayer plot={graph} playback={playback} draw={drawing} isMoving={isMoving} />}
        </PlotlyFigure>
      </Box>
      <RecordsTable scene={scene} isOpen={isTableOpen} onClose={() => setTableOpen(false)} />
    </>
  );
}
