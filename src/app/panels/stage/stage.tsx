/** The figures with their playback, fed from the store. */
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { invariant } from '../../../core/diagnostic.ts';
import { axesInSpace } from '../../components/axis-picker.tsx';
import { PairsPicker } from '../../components/pairs-picker.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { useEscape } from '../../components/use-escape.ts';
import { useSeldom } from '../../components/use-seldom.ts';
import { useSteady } from '../../components/use-steady.ts';
import { ViewPicker } from '../../components/view-picker.tsx';
import { readCamera, readWindow, windowCamera } from '../../figures/camera.ts';
import type { Range } from '../../figures/figure.ts';
import { lastStepOf } from '../../figures/motion-path.ts';
import { movedInPlane } from '../../figures/plane-scene.ts';
import type { Axes, Scene, View2d } from '../../figures/scene.ts';
import { createPlayback, type Playback } from '../../playback/playback.ts';
import { useSeldomStep } from '../../playback/use-playback.ts';
import { aroundStarts } from '../../store/landscape.ts';
import type { StoreApi } from '../../store/store.ts';
import { useStore, useStoreApi, useStoreNow } from '../../store/use-store.ts';
import { ChartsPanel } from './charts-panel.tsx';
import { ConstraintHandles } from './constraint-handles.tsx';
import { FigurePanel } from './figure-panel.tsx';
import { shownEntries } from './shown-entries.ts';
import { SliceKeeper } from './slice-keeper.tsx';
import { SlicePicker } from './slice-picker.tsx';
import { StartButton } from './start-button.tsx';
import { TransportBar } from './transport-bar.tsx';
import { useForceArrows } from './use-force-arrows.ts';
import { useGivenCamera } from './use-given-camera.ts';
import { useMovingSets } from './use-moving-sets.ts';
import { type Scenes, useIsFieldComing, useScenes } from './use-scene.ts';
import { useSharedPlayhead } from './use-shared-playhead.ts';
import { type ViewKind, viewChoices, viewKindOf } from './view-kinds.ts';

const GuessLayer = lazy(() => import('../lesson/guess-layer.tsx'));

interface Stage extends Scenes {
  readonly playback: Playback;
}

/** Problems whose first names are the same, and as many, share a view. */
const NAMES_IN_KEY = 200;

const NO_AXES: readonly number[] = [];
const NO_CHOICES: ReturnType<typeof viewChoices> = [];

const choicesAround = aroundStarts(viewChoices);
const NO_RUNS: Scene['runs'] = [];

const StageContext = createContext<Stage | null>(null);
/** Under a hand that moves: ahead of the stage. */
const StageNowContext = createContext<Stage | null>(null);

export const useStage = (): Stage => useGiven(StageContext);

function useGiven(context: typeof StageContext): Stage {
  const stage = useContext(context);
  invariant(stage, 'the component is drawn inside a StageProvider');
  return stage;
}

/** The step of the chosen run at the playhead, not rounded: at the same cost runs stand at different steps. `turn`: of `useSeldomStep`. */
export function useStepOfChosen(turn?: number): number {
  const { scene, playback } = useStage();
  const selected = useStore((store) => store.selectedRun);
  const step = useSeldomStep(playback, turn);
  return step / (scene?.runs.find(({ id }) => id === String(selected))?.pace ?? 1);
}

/** One clock and one scene for all figures. The clock follows the longest run, and starts once with the first picture. */
export function StageProvider({
  children,
  autoplay = true,
}: {
  readonly children: ReactNode;
  readonly autoplay?: boolean;
}) {
  const now = useScenes();
  const { scene, shown, plane } = useCalmScenes(now);
  const store = useStoreApi();
  const [playback] = useState(() => {
    const { speed, loop, logTime } = store.getState().view;
    const scale = logTime === false ? ('linear' as const) : ('log' as const);
    return createPlayback({
      initial: { scale, ...(speed !== undefined && { speed }), ...(loop !== undefined && { isLooping: loop }) },
    });
  });
  const lastStep = lastStepOf(scene?.runs ?? []);
  const isComplete = lastStep > 0 && (scene?.runs ?? []).every(({ status }) => status !== 'running');
  useEffect(() => {
    const isFirst = playback.getSnapshot().lastStep === 0;
    playback.setLastStep(lastStep);
    const { playhead } = store.getState().view;
    if (playhead !== undefined) playback.pause();
    else if (autoplay && isFirst && lastStep > 0) playback.restart();
  }, [playback, lastStep, autoplay, store]);
  // Of the motion, too, unless the key closes something that is open above it.
  useEscape(() => {
    if (!document.querySelector('[role="dialog"]')) playback.pause();
  });
  useSharedPlayhead(playback, isComplete);
  useMovingSets(playback, scene);
  const stage = useMemo(() => ({ scene, shown, plane, playback }), [scene, shown, plane, playback]);
  const stageNow = useMemo(() => ({ ...now, playback }), [now, playback]);
  return (
    <StageContext value={stage}>
      <SliceKeeper playback={playback} runs={scene?.runs ?? NO_RUNS} />
      <StageNowContext value={stageNow}>{children}</StageNowContext>
    </StageContext>
  );
}

/** The scenes of the picture of which the page speaks. */
function useCalmScenes(now: Scenes): Scenes {
  const told = useStore((store) => store.picture);
  const newest = useStoreNow((store) => store.picture);
  const seen = useRef(now);
  if (told === newest) seen.current = now;
  return seen.current;
}

export function Figure() {
  const { scene, shown, plane, playback } = useGiven(StageNowContext);
  const study = useStoreNow((store) => store.picture?.study ?? null);
  const view = useStore((store) => store.view);
  const changeView = useStore((store) => store.changeView);
  const lookAt = useStore((store) => store.lookAt);
  const holdInHand = useStore((store) => store.holdInHand);
  const isLoading = useStore(
    ({ study, diagnosed, picture, phase }) =>
      (study === null && diagnosed === null) || (picture === null && phase !== 'idle'),
  );
  const isFaulty = useStore(({ experiment, study }) => study === null && experiment.problem.trim() !== '');
  /** What is shown is then of an older text, in which a start cannot be written. */
  const hasErrors = useStore(({ studied, diagnosed }) => studied !== diagnosed);
  const lesson = useStore((store) => store.lesson);
  const names = scene?.parameterNames ?? [];
  const problemKey = `${names.length} ${names.slice(0, NAMES_IN_KEY)}`;
  const given = useGivenCamera(problemKey);
  const isFieldComing = useIsFieldComing();
  const showAxes = useSteady((axes: Axes) =>
    changeView({
      kind: axes.length === 3 ? '3d' : '2d',
      axes: axes.flatMap((axis) => names[axis] ?? []),
      camera: undefined,
    }),
  );
  const store = useStoreApi();
  const [isPlacing, onPlacing] = useState(false);
  const showRuns = useSteady(async () => {
    await store.getState().examine(); // at once: a drag does not wait for a pause in typing
    await untilIdle(store);
  });
  const startAt = useSteady(async (start: readonly number[], digits?: number) => {
    store.getState().moveStart(start, digits);
    await showRuns();
  });
  const moveStart = (moved: readonly number[]) =>
    startAt(plane && scene ? movedInPlane(scene.start, moved, plane) : moved);
  const showWindow = ([x, y]: View2d, z?: Range) => {
    if (scene !== null) lookAt({ axes: shown?.axes ?? scene.axes, x, y, ...(z && { z }), ...(plane && { plane }) });
  };
  const kind = study ? viewKindOf(study, view) : '2d';
  const choices = study ? choicesAround(study) : NO_CHOICES;
  const showKind = useSteady((chosen: ViewKind) => {
    const axes = scene?.axes ?? [0];
    if (chosen === '3d') showAxes(axesInSpace(axes));
    else if (chosen === '2d') showAxes(axes[1] === undefined ? [axes[0]] : [axes[0], axes[1]]);
    else changeView({ kind: chosen, camera: undefined });
  });
  const viewPicker = useMemo(
    () => choices.length > 1 && <ViewPicker choices={choices} kind={kind} onKind={showKind} />,
    [choices, kind, showKind],
  );
  const forces = useForceArrows(shown?.axes ?? NO_AXES, plane);
  const entries = useMemo(() => (study && scene ? shownEntries(study, scene, view) : null), [study, scene, view]);
  const pairs = entries?.kind === 'pairs' ? entries.entries : null;
  return (
    <FigurePanel
      key={`${plane?.kind ?? ''} ${JSON.stringify(given) ?? ''} ${problemKey}`} // another problem, another view
      scene={shown}
      camera={readCamera(given)}
      onCamera={(camera) => changeView({ camera })}
      part={readWindow(given)}
      onPart={(part) => changeView({ camera: part === null ? undefined : rounded(part) })}
      records={plane ? scene : null}
      entries={entries}
      onMatrix={(name) => changeView({ axes: [name] })}
      forces={forces}
      picker={
        <>
          {scene !== null && !hasErrors && (
            <StartButton
              onStart={startAt}
              {...(shown && shown.axes.length < 3 && !HAS_NO_PLACE.has(kind) && { onPlacing })}
            />
          )}
          {viewPicker}
        </>
      }
      choices={
        pairs && names.length > pairs.length ? (
          <PairsPicker
            names={names}
            entries={pairs}
            onEntries={(entries) => changeView({ axes: entries.flatMap((entry) => names[entry] ?? []) })}
          />
        ) : (
          kind === 'slice' && <SlicePicker names={names} view={view} onView={changeView} />
        )
      }
      placing={{ isPlacing, onPlacing }}
      playback={playback}
      isFieldComing={isFieldComing}
      isLoading={isLoading}
      isFaulty={isFaulty}
      onAxes={showAxes}
      onWindow={showWindow}
      onHeld={holdInHand}
      {...(!hasErrors && { onStart: moveStart })}
      {...(!hasErrors &&
        kind === '2d' &&
        shown?.axes.length === 2 && {
          handles: (plot: Plot, isStartHeld: boolean) => (
            <>
              {lesson && (
                <Suspense>
                  <GuessLayer plot={plot} open={lesson} />
                </Suspense>
              )}
              <ConstraintHandles plot={plot} scene={shown} isStartHeld={isStartHeld} onMoved={showRuns} />
            </>
          ),
        })}
    />
  );
}

/** While results follow each other, as in a drag, charts are drawn so seldom: the picture under the hand comes first. */
const CHARTS_MS = 200;

/** Their pictures take no click for the start. */
const HAS_NO_PLACE: ReadonlySet<ViewKind> = new Set<ViewKind>(['matrix', 'parallel', 'pairs']);

/** What a link keeps of the part that is shown. */
function rounded(part: View2d) {
  const window = readWindow(windowCamera(part));
  return window === null ? undefined : windowCamera(window);
}

/** Resolves when no run is under way. */
const untilIdle = (store: StoreApi): Promise<void> =>
  new Promise((resolve) => {
    if (store.getState().phase === 'idle') return resolve();
    const end = store.subscribe(({ phase }) => {
      if (phase !== 'idle') return;
      end();
      resolve();
    });
  });

export function Transport() {
  const { playback, scene } = useStage();
  const changeView = useStore((store) => store.changeView);
  const isSameCost = useStore(({ view }) => view.sameCost === true);
  const costs = new Set((scene?.runs ?? []).filter(({ visible }) => visible).map(({ cost = 1 }) => cost));
  const setSameCost = useCallback((sameCost: boolean) => changeView({ sameCost }), [changeView]);
  return (
    <TransportBar
      playback={playback}
      onSettings={changeView}
      {...((isSameCost || costs.size > 1) && { sameCost: isSameCost, onSameCost: setSameCost })}
    />
  );
}

export function Charts({ isFirstOnly = false }: { readonly isFirstOnly?: boolean }) {
  const { scene, playback } = useStage();
  const shown = useStore((store) => store.view.charts);
  const changeView = useStore((store) => store.changeView);
  // biome-ignore lint/correctness/useExhaustiveDependencies: charts are of the runs alone, and what is sampled around these changes more often
  const ofRuns = useMemo(() => scene, [scene?.runs]);
  const numbers = useSeldom(ofRuns, CHARTS_MS); // after the picture, and in turns
  const onShown = useCallback((charts: readonly string[]) => changeView({ charts }), [changeView]);
  return <ChartsPanel scene={numbers} playback={playback} shown={shown} onShown={onShown} isFirstOnly={isFirstOnly} />;
}
