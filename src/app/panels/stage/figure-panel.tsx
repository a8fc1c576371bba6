/** The picture: trajectories on the feasible set, in the plane or in space, moving with the shared clock. */
import { Box, Button, Center, Flex, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useMemo, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { AxisPicker } from '../../components/axis-picker.tsx';
import { FigureOnItsWay } from '../../components/figure-on-its-way.tsx';
import { CameraWatch } from '../../components/plot/camera-watch.tsx';
import type { Placing } from '../../components/plot/drag-handle.tsx';
import { FigureFault } from '../../components/plot/figure-fault.tsx';
import { FigureKey } from '../../components/plot/figure-key.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import { MotionLayer } from '../../components/plot/motion-layer.tsx';
import { MovableStart } from '../../components/plot/movable-start.tsx';
import { drawsInSpace, NoSpace } from '../../components/plot/no-space.tsx';
import { PictureRow } from '../../components/plot/picture-row.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { WindowWatch } from '../../components/plot/window-watch.tsx';
import { RecordsTable } from '../../components/tables.ts';
import { useSteady } from '../../components/use-steady.ts';
import type { Camera } from '../../figures/camera.ts';
import type { Figure, Range } from '../../figures/figure.ts';
import type { Axes, Scene, View2d } from '../../figures/scene.ts';
import { describeScene, sceneFigure } from '../../figures/scene-figure.ts';
import type { Playback } from '../../playback/playback.ts';
import { onTransportKey } from '../../playback/playback-keys.ts';
import { EntriesPicture } from './entries-picture.tsx';
import { withForces } from './kept-forces.ts';
import { useFirstWindow, useGivenPart, useSettledView, useSpaceWindow } from './seen-part.ts';
import type { ShownEntries } from './shown-entries.ts';
import type { ForceArrowsSwitch } from './use-force-arrows.ts';
import { useDrawn, useIsFirstAwaited, useStillScene } from './use-still-scene.ts';

export interface FigurePanelProps {
  /** Null while there is no problem to show. */
  readonly scene: Scene | null;
  readonly playback: Playback;
  /** The loss around the scene is being sampled: the figure is not whole yet. */
  readonly isFieldComing?: boolean;
  /** True while the first answer is on its way. */
  readonly isLoading?: boolean;
  /** The text has errors, and there was no picture before them. */
  readonly isFaulty?: boolean;
  readonly onAxes: (axes: Axes) => void;
  /** The scene in the entries of the iterate, where `scene` is on a plane of its own: what the table shows. */
  readonly records?: Scene | null;
  /** Given: many entries at once, in place of a plane or space. */
  readonly entries?: ShownEntries | null;
  readonly onMatrix: (name: string) => void;
  /** Where the eye stands in space when the picture is first drawn. */
  readonly camera?: Camera | null;
  readonly onCamera?: (camera: Camera) => void;
  /** The part of the plane that is shown when the picture is first drawn; null: all of it. */
  readonly part?: View2d | null;
  /** The reader chose another part by hand; null: all of it. */
  readonly onPart?: (part: View2d | null) => void;
  /** Arrows at the head of one run, and the switch for them; null where the picture has none. */
  readonly forces?: ForceArrowsSwitch | null;
  /** Chooses the view. */
  readonly picker?: ReactNode;
  /** Chooses what this view alone shows. */
  readonly choices?: ReactNode;
  /** The window that a figure of one or two entries shows, after each change: where the loss is wanted. */
  readonly onWindow?: (window: View2d, depth?: Range) => void;
  /** The start was moved; resolves once the runs from there are shown. */
  readonly onStart?: (start: readonly number[]) => Promise<void>;
  /** Whether the next click places the start. */
  readonly placing: Placing;
  /** The hand takes something in the picture, or leaves it. */
  readonly onHeld: (isHeld: boolean) => void;
  /** What else can be taken in a picture of the plane. */
  readonly handles?: ((plot: Plot, isStartHeld: boolean) => ReactNode) | undefined;
}

export function FigurePanel(props: FigurePanelProps) {
  const {
    scene,
    playback,
    isFieldComing = false,
    isLoading = false,
    isFaulty = false,
    onAxes,
    onWindow,
    onStart,
    records,
    entries,
    onMatrix,
    picker,
    choices,
  } = props;
  const { camera = null, onCamera, part = null, onPart, forces = null, placing, onHeld, handles } = props;
  return (
    <Flex
      component="section"
      aria-label="Figure"
      direction="column"
      w="100%"
      h="100%"
      mih={scene === null ? 0 : 'var(--least-picture, 260px)'}
    >
      {scene === null || scene.size === 0 ? (
        <Placeholder isLoading={isLoading} isFaulty={isFaulty} />
      ) : (
        <ErrorBoundary FallbackComponent={FigureFault} resetKeys={[scene.axes.length, scene.parameterNames]}>
          {entries ? (
            <EntriesPicture
              scene={scene}
              playback={playback}
              shown={entries}
              onMatrix={onMatrix}
              picker={picker}
              choices={choices}
            />
          ) : (
            <Picture
              scene={scene}
              isFieldComing={isFieldComing}
              records={records ?? null}
              picker={picker}
              choices={choices}
              playback={playback}
              forces={forces}
              placing={placing}
              onHeld={onHeld}
              handles={handles}
              camera={camera}
              part={part}
              {...(onPart && { onPart })}
              {...(onCamera && { onCamera })}
              onAxes={onAxes}
              {...(onWindow && { onWindow })}
              {...(onStart && { onStart })}
            />
          )}
        </ErrorBoundary>
      )}
    </Flex>
  );
}

const Placeholder = ({ isLoading, isFaulty }: { readonly isLoading: boolean; readonly isFaulty: boolean }) =>
  isLoading ? (
    <FigureOnItsWay />
  ) : (
    <Center flex={1}>
      <Text c="dimmed" px="md">
        {isFaulty
          ? 'The problem cannot be read yet: what is wrong is marked in the text and said below it.'
          : 'Type a loss and constraints to see them here.'}
      </Text>
    </Center>
  );

type PictureProps = Pick<
  FigurePanelProps,
  | 'playback'
  | 'onAxes'
  | 'onWindow'
  | 'onStart'
  | 'placing'
  | 'onHeld'
  | 'handles'
  | 'picker'
  | 'choices'
  | 'onCamera'
  | 'onPart'
> & {
  readonly scene: Scene;
  readonly isFieldComing: boolean;
  readonly records: Scene | null;
  readonly camera: Camera | null;
  readonly part: View2d | null;
  readonly forces: ForceArrowsSwitch | null;
};

function Picture(props: PictureProps) {
  const {
    scene,
    isFieldComing,
    records,
    picker,
    choices,
    playback,
    onAxes,
    onWindow,
    onStart,
    onCamera,
    onPart,
    forces,
    placing,
    onHeld,
    handles,
  } = props;
  const [camera] = useState(props.camera); // what is turned later stays with the graph
  const [isTableOpen, setTableOpen] = useState(false);
  const [plot, setPlot] = useState<Plot | null>(null);
  const [isStartHeld, setStartHeld] = useState(false);
  const settled = useSettledView(scene, isStartHeld);
  const { part, isPart, choosePart } = useGivenPart(scene, props.part, onPart);
  const view = part ?? settled;
  const { ref, width, height } = useElementSize();
  const isSpace = scene.axes.length === 3;
  const aspect = isSpace ? Math.max(5, Math.round((10 * width) / height || 20)) / 10 : 2; // in tenths: few drawings while a border is dragged
  const drawn = useDrawn(useStillScene(scene, isFieldComing, isStartHeld), view, plot === null);
  const figure = useMemo(
    () => sceneFigure(drawn.still, { trajectories: 'faint', view: drawn.view, aspect, camera }),
    [drawn, aspect, camera],
  );
  const isFirstAwaited = useIsFirstAwaited(plot !== null, isFieldComing);
  const holdStart = (isHeld: boolean) => {
    setStartHeld(isHeld);
    onHeld(isHeld);
  };
  useSpaceWindow(isSpace ? view : null, onWindow);
  useFirstWindow(isSpace || plot !== null ? null : view, { width, height }, onWindow);
  const whole = useSteady(() => sceneFigure(scene, { trajectories: 'full', view, aspect }));
  const still = useSteady((seen: Figure) => withForces(seen, scene, forces, playback.exactStep()));
  const motion = useSteady(() => ({ scene, playback, figure: () => figure, arrows: forces?.arrows ?? null }));
  const openTable = useSteady(() => setTableOpen(true));
  const reset = useSteady(() => choosePart(null));
  const showAll = () => {
    plot?.resetView();
    reset();
  };
  return (
    <>
      <PictureRow
        runs={scene.runs}
        marks={<FigureKey scene={scene} figure={figure} forces={forces} />}
        widthOfMarks={440}
        picker={
          <>
            {isPart && !isSpace && (
              <Button size="compact-sm" variant="light" onClick={showAll}>
                Show all
              </Button>
            )}
            {picker}
          </>
        }
        choices={
          records === null && scene.parameterNames.length > scene.axes.length ? (
            <AxisPicker parameterNames={scene.parameterNames} axes={scene.axes} onAxes={onAxes} />
          ) : (
            choices
          )
        }
        menu={
          <FigureMenu
            name="Figure"
            theme={scene.theme}
            plot={plot}
            figure={whole}
            onTable={openTable}
            still={still}
            {...(scene.runs.length > 0 && { motion })}
            onReset={reset}
          />
        }
      />
      <Box
        ref={ref}
        role="application"
        aria-label="Figure; Space plays and pauses, arrows step"
        tabIndex={0}
        flex={1}
        mih={0}
        onKeyDown={(event) => onTransportKey(event, playback)}
      >
        {isSpace && !drawsInSpace() ? (
          <NoSpace onPlane={() => onAxes([scene.axes[0], scene.axes[1] ?? 1])} />
        ) : (
          <PlotlyFigure
            key={isSpace ? 'space' : 'plane'}
            figure={isFirstAwaited ? null : figure}
            interaction={isSpace ? 'space' : 'plane'}
            label={describeScene(scene)}
            onPlot={setPlot}
          >
            {(plot) => (
              <>
                <MotionLayer
                  plot={plot}
                  scene={scene}
                  playback={playback}
                  arrows={forces?.arrows ?? null}
                  showsWhole={drawn.still.runs.length < scene.runs.length}
                />
                {onCamera && isSpace && <CameraWatch plot={plot} onCamera={onCamera} />}
                {handles?.(plot, isStartHeld)}
                {onStart && (
                  <MovableStart plot={plot} scene={scene} onStart={onStart} onHeld={holdStart} {...placing} />
                )}
                {onWindow && !isSpace && (
                  <WindowWatch key={scene.axes.join(' ')} plot={plot} onWindow={onWindow} onChosen={choosePart} />
                )}
              </>
            )}
          </PlotlyFigure>
        )}
      </Box>
      <RecordsTable scene={records ?? scene} isOpen={isTableOpen} onClose={() => setTableOpen(false)} />
    </>
  );
}
