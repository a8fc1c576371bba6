/** All entries at the playhead: profiles of the runs, or a matrix parameter as a heat map. */
import { Box, Group, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { matrixDrawing, profileDrawing } from '../components/entries-canvas.ts';
import { EntriesLayer } from '../components/entries-layer.tsx';
import { FigureMenu } from '../components/figure-menu.tsx';
import type { Plot } from '../components/plot-host.ts';
import { PlotlyFigure } from '../components/plotly-figure.tsx';
import { RecordsTable } from '../components/records-table.tsx';
import { type MatrixParameter, matrixFigure, parallelFigure } from '../figures/entries-figure.ts';
import type { Scene } from '../figures/scene.ts';
import type { Playback } from '../playback/playback.ts';
import { onTransportKey } from '../playback/playback-keys.ts';
import { useRestedStep } from '../playback/use-playback.ts';

interface EntriesPictureProps {
  readonly scene: Scene;
  readonly playback: Playback;
  /** Given: one of them as a heat map. Absent: profiles. */
  readonly matrices?: readonly MatrixParameter[] | undefined;
  readonly picker: ReactNode;
}

export function EntriesPicture({ scene, playback, matrices, picker }: EntriesPictureProps) {
  const { step, isMoving } = useRestedStep(playback);
  const stepNow = () => playback.getSnapshot().step;
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const matrix = matrices?.[chosen] ?? matrices?.[0];
  // A matrix that moves is drawn over the last still one, profiles over a graph without any: what rests is drawn anew.
  const figure = useMemo(
    () => (matrix ? matrixFigure(scene, matrix, step) : parallelFigure(scene, isMoving ? null : step)),
    [scene, matrix, step, isMoving],
  );
  const drawing = useMemo(() => (matrix ? matrixDrawing(scene, matrix) : profileDrawing(scene)), [scene, matrix]);
  const what = matrix ? `Entries of ${matrix.name}` : 'All entries';
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
          figure={() => (matrix ? matrixFigure(scene, matrix, stepNow()) : parallelFigure(scene, stepNow()))}
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
          key={matrix ? 'matrix' : 'parallel'}
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
