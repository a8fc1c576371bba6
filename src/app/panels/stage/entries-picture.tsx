/** Many entries at the playhead: profiles of the runs, a matrix parameter as a heat map, or some entries each against each. */
import { Box, NativeSelect } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { matrixDrawing, profileDrawing } from '../../components/plot/entries-canvas.ts';
import { EntriesLayer } from '../../components/plot/entries-layer.tsx';
import { EntriesKey } from '../../components/plot/figure-key.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import { pairsDrawing } from '../../components/plot/pairs-canvas.ts';
import { PictureRow } from '../../components/plot/picture-row.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { EntriesTable, RecordsTable } from '../../components/tables.ts';
import { signsOf } from '../../figures/entries-figure.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { onTransportKey } from '../../playback/playback-keys.ts';
import { useRestedStep } from '../../playback/use-playback.ts';
import { entriesFigure, type ShownEntries } from './shown-entries.ts';

const NO_RUNS: Scene['runs'] = [];

interface EntriesPictureProps {
  readonly scene: Scene;
  readonly playback: Playback;
  readonly shown: ShownEntries;
  /** Another matrix is to be shown. */
  readonly onMatrix: (name: string) => void;
  readonly picker: ReactNode;
  /** Chooses what this view alone shows. */
  readonly choices: ReactNode;
}

export function EntriesPicture({ scene, playback, shown, onMatrix, picker, choices }: EntriesPictureProps) {
  const { step, isMoving } = useRestedStep(playback);
  const stepNow = () => playback.getSnapshot().step;
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isTableOpen, setTableOpen] = useState(false);
  /** Where the clock stood when the table was asked for: its numbers stand still. */
  const [tableStep, setTableStep] = useState(0);
  const matrices = shown.kind === 'matrix' ? shown.matrices : [];
  const matrix = shown.kind === 'matrix' ? shown.matrix : undefined;
  const pairs = shown.kind === 'pairs' ? shown.entries : undefined;
  const figure = useMemo(() => entriesFigure(scene, shown, step, !isMoving), [scene, shown, step, isMoving]);
  const drawing = useMemo(() => {
    if (pairs) return pairsDrawing(scene, pairs);
    return matrix ? matrixDrawing(scene, matrix) : profileDrawing(scene);
  }, [scene, matrix, pairs]);
  const names = pairs?.map((entry) => scene.parameterNames[entry] ?? '').join(', ');
  const what = names ? `Each against each: ${names},` : matrix ? `Entries of ${matrix.name}` : 'All entries';
  const title = isMoving ? what : `${what} at step ${step}`;
  return (
    <>
      <PictureRow
        runs={matrix ? NO_RUNS : scene.runs} // each matrix has the name of its run below it
        marks={
          <EntriesKey
            theme={scene.theme}
            start={matrix ? null : pairs ? 'ring' : 'line'}
            hasOptimum={!matrix && scene.optimum !== undefined}
            signs={matrix ? signsOf(matrix.marks) : []}
          />
        }
        widthOfMarks={150}
        picker={picker}
        choices={
          matrices.length > 1 ? (
            <NativeSelect
              size="xs"
              aria-label="Matrix parameter"
              value={matrix?.name}
              data={matrices.map(({ name }) => name)}
              onChange={(event) => onMatrix(event.currentTarget.value)}
            />
          ) : (
            choices
          )
        }
        menu={
          <FigureMenu
            name="Figure"
            theme={scene.theme}
            plot={plot}
            figure={() => entriesFigure(scene, shown, stepNow())}
            onTable={() => {
              setTableStep(stepNow());
              setTableOpen(true);
            }}
          />
        }
      />
      <Box
        role="application"
        aria-label="Figure; Space plays and pauses, arrows step"
        tabIndex={0}
        flex={1}
        mih={0}
        onKeyDown={(event) => onTransportKey(event, playback)}
      >
        <PlotlyFigure key={shown.kind} figure={figure} interaction="plane" label={title} onPlot={setPlot}>
          {(graph) => <EntriesLayer plot={graph} playback={playback} draw={drawing} isMoving={isMoving} />}
        </PlotlyFigure>
      </Box>
      {pairs ? (
        <RecordsTable scene={scene} shown={pairs} isOpen={isTableOpen} onClose={() => setTableOpen(false)} />
      ) : (
        <EntriesTable
          scene={scene}
          matrix={matrix}
          step={tableStep}
          isOpen={isTableOpen}
          onClose={() => setTableOpen(false)}
        />
      )}
    </>
  );
}
