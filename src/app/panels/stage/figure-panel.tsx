/** The picture: trajectories on the feasible set, in the plane or in space, moving with the shared clock. */
import { Box, Center, Flex, Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { AxisPicker } from '../../components/axis-picker.tsx';
import { FigureOnItsWay } from '../../components/figure-on-its-way.tsx';
import { CameraWatch } from '../../components/plot/camera-watch.tsx';
import type { Placing } from '../../components/plot/drag-handle.tsx';
import { FigureFault } from '../../components/plot/figure-fault.tsx';
import { FigureKey, FoldedFigureKey } from '../../components/plot/figure-key.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import { MotionLayer } from '../../components/plot/motion-layer.tsx';
import { MovableStart } from '../../components/plot/movable-start.tsx';
import { drawsInSpace, NoSpace } from '../../components/plot/no-space.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { useSameEntries } from '../../components/plot/use-same-entries.ts';
import { WindowWatch } from '../../components/plot/window-watch.tsx';
import { RecordsTable } from '../../components/tables.ts';
import type { Camera } from '../../figures/camera.ts';
import type { Figure, Range } from '../../figures/figure.ts';
import { motionPaths } from '../../figures/motion-path.ts';
import type { Axes, Scene, View2d } from '../../figures/scene.ts';
import { describeScene, sceneFigure } from '../../figures/scene-figure.ts';
import { settledView, viewBox } from '../../figures/view-box.ts';
import type { Playback } from '../../playback/playback.ts';
import { onTransportKey } from '../../playback/playback-keys.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { EntriesPicture } from './entries-picture.tsx';
import type { ShownEntries } from './shown-entries.ts';
import type { ForceArrowsSwitch } from './use-force-arrows.ts';

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
  /** The window that a figure of one or two entries shows, after each change: where the loss is wanted. */
  readonly onWindow?: (window: View2d, depth?: Range) => void;
  /** The start was moved; resolves once the runs from there are shown. */
  readonly onStart?: (start: readonly number[]) => Promise<void>;
  /** Whether the next click places the start. */
  readonly placing: Placing;
  /** The hand takes something in the picture, or leaves it. */
  readonly onHeld: (isHeld: boolean) => void;
  /** What else can be taken in a picture of the plane. */
  readonly handles?: ((plot: Plot) => ReactNode) | undefined;
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
            <EntriesPicture scene={scene} playback={playback} shown={entries} onMatrix={onMatrix} picker={picker} />
          ) : (
            <Picture
              scene={scene}
              isFieldComing={isFieldComing}
              records={records ?? null}
              picker={picker}
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
  'playback' | 'onAxes' | 'onWindow' | 'onStart' | 'placing' | 'onHeld' | 'handles' | 'picker' | 'onCamera' | 'onPart'
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
  const whole = useSettledView(scene);
  const { part, choosePart } = useGivenPart(scene, props.part, onPart);
  const view = part ?? whole;
  const { ref, width, height } = useElementSize();
  const isSpace = scene.axes.length === 3;
  const aspect = isSpace ? Math.max(5, Math.round((10 * width) / height || 20)) / 10 : 2; // in tenths: few drawings while a border is dragged
  const isSmall = width > 0 && width < 520;
  const [isStartHeld, setStartHeld] = useState(false);
  const still = useStillScene(scene, isFieldComing, isStartHeld);
  const figure = useMemo(
    () => sceneFigure(still, { trajectories: 'faint', view, aspect, camera }),
    [still, view, aspect, camera],
  );
  const holdStart = (isHeld: boolean) => {
    setStartHeld(isHeld);
    onHeld(isHeld);
  };
  useSpaceWindow(isSpace ? view : null, onWindow);
  const controls = (
    <Group gap="xs" ml="auto" justify="flex-end" maw="100%">
      {picker}
      {records === null && <AxisPicker parameterNames={scene.parameterNames} axes={scene.axes} onAxes={onAxes} />}
      <FigureMenu
        name="Figure"
        theme={scene.theme}
        plot={plot}
        figure={() => sceneFigure(scene, { trajectories: 'full', view, aspect })}
        onTable={() => setTableOpen(true)}
        still={(seen) => withForces(seen, scene, forces, playback.exactStep())}
        {...(scene.runs.length > 0 && {
          motion: { scene, playback, figure: () => figure, arrows: forces?.arrows ?? null },
        })}
        onReset={() => choosePart(null)}
      />
    </Group>
  );
  return (
    <>
      {isSmall ? (
        <FoldedFigureKey scene={scene} figure={figure} forces={forces}>
          {controls}
        </FoldedFigureKey>
      ) : (
        <Group justify="space-between" align="center" gap="2px 12px" px="sm" py={4}>
          <Box flex="1 1 440px" miw={0}>
            <FigureKey scene={scene} figure={figure} forces={forces} />
          </Box>
          {controls}
        </Group>
      )}
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
            figure={figure}
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
                  showsWhole={still.runs.length < scene.runs.length}
                />
                {onCamera && isSpace && <CameraWatch plot={plot} onCamera={onCamera} />}
                {handles?.(plot)}
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

/** A picture to keep has the arrows, too: where they stand at the step. */
async function withForces(seen: Figure, scene: Scene, forces: ForceArrowsSwitch | null, step: number): Promise<Figure> {
  const arrows = forces?.arrows ?? null;
  if (!arrows) return seen;
  const [{ stillArrows, withArrows }, { DEFAULT_SIZE }] = await Promise.all([
    import('../../figures/arrow-marks.ts'),
    import('../../components/plot/figure-image.ts'),
  ]);
  const path = motionPaths(scene).find(({ run }) => run === arrows.run);
  const still = stillArrows(arrows, path, path ? recordAt(path.steps, step) : -1);
  return still ? withArrows(seen, still, scene, DEFAULT_SIZE) : seen;
}

/**
 * The part of the plane that came with the experiment, until the reader asks for all of it. What is chosen by hand stays with the
 * graph; it is only told.
 */
function useGivenPart({ axes, ternary }: Scene, given: View2d | null, onPart: FigurePanelProps['onPart']) {
  const [first] = useState({ axes: axes.join(' '), part: ternary || axes.length > 2 ? null : given });
  const [isLeft, setLeft] = useState(false);
  const choosePart = (part: View2d | null) => {
    if (part === null) setLeft(true);
    if (!ternary) onPart?.(part);
  };
  return { part: isLeft || first.axes !== axes.join(' ') ? null : first.part, choosePart };
}

/** In space the window is the view itself, a little wider, so that a set that bulges out of it is seen. */
function useSpaceWindow(view: readonly Range[] | null, onWindow: FigurePanelProps['onWindow']) {
  const newest = useRef(onWindow);
  useEffect(() => {
    newest.current = onWindow;
  }, [onWindow]);
  useEffect(() => {
    const [x, y, z] = view ?? [];
    if (x && y && z) newest.current?.([x, y], z);
  }, [view]);
}

/** A figure waits so long for the loss around it, then is drawn without. */
const FIELD_PATIENCE_MS = 250;

/**
 * What the graph below the motion draws. A scene whose loss is on its way waits in the place of the one before, so that it is drawn
 * once. While a hand holds the start, of two entries or of one, loss and feasible set stay as they are: then the runs are left to the
 * layer above, and the graph is not drawn anew.
 */
function useStillScene(scene: Scene, isFieldComing: boolean, isStartHeld: boolean): Scene {
  const shown = useRef(scene);
  const bare = useRef<Scene | null>(null);
  const [overdue, setOverdue] = useState<Scene | null>(null);
  useEffect(() => {
    if (!isFieldComing) return;
    const timer = setTimeout(() => setOverdue(scene), FIELD_PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isFieldComing, scene]);
  const isSameSight = shown.current.axes.join(' ') === scene.axes.join(' ') && shown.current.theme === scene.theme;
  const isWhole = !isFieldComing || overdue === scene || !isSameSight;
  if (isWhole) shown.current = scene;
  if (!isStartHeld || scene.size > 2) bare.current = null;
  else if (bare.current === null || windowOf(bare.current) !== windowOf(shown.current))
    bare.current = { ...shown.current, runs: [] };
  return bare.current ?? shown.current;
}

/** Which part of the plane the loss was sampled on, and in which colours it is seen. */
const windowOf = ({ field, curve, theme, axes }: Scene): string => {
  const ends = (places: ArrayLike<number> = []) => `${places[0]} ${places[places.length - 1]}`;
  return `${axes} ${theme} ${ends(field?.xs)} ${ends(field?.ys)} ${ends(curve?.xs)}`;
};

/** The view follows the runs, but keeps still while small changes fit into it. One made before there were runs gives way to theirs. */
function useSettledView(scene: Scene): readonly Range[] {
  const settled = useRef<{ readonly axes: Axes; readonly view: readonly Range[]; readonly hasRuns: boolean } | null>(
    null,
  );
  const { runs, size, optimum, ternary, start, bounds } = scene;
  const axes = useSameEntries(scene.axes);
  return useMemo(() => {
    const needed = viewBox({
      runs,
      size,
      start,
      axes,
      ...(optimum && { optimum }),
      ...(ternary && { ternary }),
      ...(bounds && { bounds }),
    });
    const hasRuns = runs.some(({ steps }) => steps.length > 0);
    const { current: before } = settled;
    const view = settledView(before?.axes === axes && before.hasRuns === hasRuns ? before.view : null, needed);
    settled.current = { axes, view, hasRuns };
    return view;
  }, [runs, size, optimum, axes, ternary, start, bounds]);
}
