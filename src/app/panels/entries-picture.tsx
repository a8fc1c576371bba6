/** All entries at the playhead: profiles of the runs, or a matrix parameter as a heat map. */
import { Box, Group, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { FigureMenu } from '../components/figure-menu.tsx';
import type { Plot } from '../components/plot-host.ts';
import { PlotlyFigure } from '../components/plotly-figure.tsx';
import { RecordsTable } from '../components/records-table.tsx';
import { type MatrixParameter, matrixFigure, parallelFigure } from '../figures/entries-figure.ts';
import type { Scene } from '../figures/scene.ts';
import type { Playback } from '../playback/playback.ts';
import { onTransportKey } from '../playback/playback-keys.ts';
import { usePlayback } from '../playback/use-playback.ts';

interface EntriesPictureProps {
  readonly scene: Scene;
  readonly playback: Playback;
  /** Given: one of them as a heat map. Absent: profiles. */
  readonly matrices?: readonly MatrixParameter[] | undefined;
  readonly picker: ReactNode;
}

export function EntriesPicture({ scene, playback, matrices, picker }: EntriesPictureProps) {
  const { step } = usePlayback(playback);
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  const [chosen, setChosen] = useState(0);
  const matrix = matrices?.[chosen] ?? matrices?.[0];
  const figure = useMemo(
    () => (matrix ? matrixFigure(scene, matrix, step) : parallelFigure(scene, step)),
    [scene, matrix, step],
  );
  const title = matrix ? `Entries of ${matrix.name} at step ${step}` : `All entries at step ${step}`;
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
          figure={() => figure}
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
        />
      </Box>
      <RecordsTable scene={scene} isOpen={isTableOpen} onClose={() => setTableOpen(false)} />
    </>
  );
}
