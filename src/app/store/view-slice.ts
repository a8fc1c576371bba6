/** How the experiment is looked at: what is chosen is in the history, beside the experiment; undo never turns the camera, nor moves the playhead. */
import type { ViewJson } from '../../core/experiment/experiment.ts';
import type { Analyst, GridRequest, PlaneKind, Sample, SeenPlane, Study, Through } from '../study.ts';
import { coarser, type FigureWindow, gridOf, isNearly, isSamePlace, type Moment, pathPoints } from './grid.ts';
import { isSameLandscape } from './landscape.ts';
import { resultsByRun } from './results.ts';
import type { History, Slice } from './store.ts';

/** Loss and constraints on a grid, and the study to which they belong. */
export interface Field {
  readonly study: Study;
  readonly grid: GridRequest;
  readonly sample: Sample;
}

export interface ViewSlice {
  readonly view: ViewJson;
  /** Position among the runs of the card that is open. */
  readonly selectedRun: number;
  /** What a plane or line figure shows now; null before the first. */
  readonly window: FigureWindow | null;
  /** The step at which moving constraints are drawn; null before the first. */
  readonly moment: Moment | null;
  /** What was sampled last. */
  readonly field: Field | null;
  /** The study whose first sample is on its way: a figure of it is not whole yet. */
  readonly awaited: Study | null;
  /** The plane that the view asks for, and the study to which it belongs. */
  readonly plane: { readonly study: Study; readonly seen: SeenPlane } | null;
  /** Whether the standard form of the problem and its conditions are shown. */
  readonly isFormShown: boolean;
  /** What a link says of the playback now; nothing before there is a clock. */
  readClock(): ViewJson;
  /** Given by what keeps the clock. */
  setClock(read: () => ViewJson): void;
  showForm(isShown: boolean): void;
  /** Choices that follow each other are one step of the history; camera and playback are none. */
  changeView(patch: ViewJson): void;
  /** The playhead of the view was taken over: it is the clock's from now on. */
  takePlayhead(): void;
  /** Puts the plane of such a view among the iterates that are shown. */
  placePlane(kind: PlaneKind, through?: Through): Promise<void>;
  selectRun(index: number): void;
  /** The figure shows another part of the plane: sample there. */
  lookAt(window: FigureWindow): void;
  /** The playhead stands at another step: constraints that move are sampled there. */
  lookAtStep(moment: Moment): void;
  /** Samples what the window shows. While an answer is on its way only the newest question waits; each answer is shown, so that a clock that goes on starves nobody. */
  resample(): Promise<void>;
}

type Question = Pick<Field, 'study' | 'grid'>;

/** A coarse picture that a fine one would follow within this time is not drawn. */
const SOON_MS = 60;

const isLate = (answer: Promise<unknown>): Promise<boolean> =>
  Promise.race([
    answer.then(
      () => false,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(true), SOON_MS)),
  ]);

/** What is drawn, and where. */
const FIGURE = ['kind', 'axes', 'slice'] as const;
/** All that is chosen; the rest is playback and the camera, which are no steps of the history. */
const CHOICES = [...FIGURE, 'charts', 'hide', 'logTime', 'sameCost'] as const;

const agree = (one: ViewJson, other: ViewJson, keys: readonly (keyof ViewJson)[]): boolean =>
  one === other || keys.every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]));

export const showsTheSame = (one: ViewJson, other: ViewJson): boolean => agree(one, other, CHOICES);

/** The choices of a view that the history gives back, with the playback as it was before, and the camera where the figure is the same. */
export function seenAsBefore(before: ViewJson, given: ViewJson): ViewJson {
  const kept = new Set(['playhead', 'speed', 'loop', ...(agree(before, given, FIGURE) ? ['camera'] : [])]);
  const parts = [
    ...Object.entries(given).filter(([name]) => !kept.has(name)),
    ...Object.entries(before).filter(([name]) => kept.has(name)),
  ];
  return Object.fromEntries(parts);
}

export const createViewSlice =
  (analyst: Analyst, history: () => History, initial: ViewJson = {}): Slice<ViewSlice> =>
  (set, get) => {
    let wanted: Question | null = null;
    let sampling: Promise<void> | null = null;
    /** What is being answered. */
    let underWay: Question | null = null;
    /** Ends it: another problem is there, of which nobody wants to see it. */
    let overtake = () => {};
    const show = (field: Field) => {
      if (isSameLandscape(get().picture?.study, field.study)) set({ field, awaited: null });
    };
    async function sampleWanted(): Promise<void> {
      try {
        for (let next = wanted; next !== null; next = wanted) {
          wanted = null;
          underWay = next;
          const { study, grid } = next;
          const controller = new AbortController();
          const { signal } = controller;
          overtake = () => controller.abort();
          const { field } = get();
          const known = isSameLandscape(field?.study, study) ? field : null;
          const coarse = known ? null : coarser(grid);
          const first = coarse && (await analyst.sample(study, coarse, undefined, signal));
          if (coarse && !first) continue;
          const before = known && isSamePlace(known.grid, grid) ? known.sample : undefined;
          const answer = analyst.sample(study, grid, before, signal);
          if (coarse && first && (await isLate(answer))) show({ study, grid: coarse, sample: first });
          const sample = await answer;
          if (sample !== null) show({ study, grid, sample });
        }
      } finally {
        sampling = null;
        underWay = null;
        if (get().awaited !== null) set({ awaited: null });
      }
    }
    return {
      view: initial,
      selectedRun: 0,
      isFormShown: false,
      readClock: () => ({}),
      setClock: (readClock) => set({ readClock }),
      showForm: (isFormShown) => set({ isFormShown }),
      window: null,
      moment: null,
      field: null,
      awaited: null,
      plane: null,
      async placePlane(kind, through) {
        const { picture, experiment } = get();
        if (picture === null) return;
        const { study } = picture;
        const runs = experiment.runs ?? [];
        const results = resultsByRun(picture, runs).filter((result) => result !== null);
        const points = pathPoints({ study, results }, (run) => runs[run]?.visible !== false);
        const seen = await analyst.place(study, { kind, points, ...(through && { through }) });
        if (seen === null || get().picture?.study !== study) return;
        set({ plane: { study, seen } });
        const { window } = get();
        if (window?.plane?.kind === kind) get().lookAt({ ...window, plane: seen }); // the same ranges, elsewhere
      },
      changeView(patch) {
        const { view: before, experiment } = get();
        const view = { ...before, ...patch };
        if (showsTheSame(before, view)) return set({ view });
        const { pastStates, futureStates, pause, resume } = history().getState();
        const last = pastStates.at(-1);
        const isJoined = last?.experiment === experiment; // one step, however many choices follow each other
        if (isJoined) pause();
        set({ view });
        if (isJoined) resume();
        const follows = (other: ViewJson = {}) => (showsTheSame(other, before) ? { ...other, ...patch } : other);
        history().setState({
          ...(isJoined && showsTheSame(last?.view ?? {}, view) && { pastStates: pastStates.slice(0, -1) }),
          futureStates: futureStates.map((state) => ({ ...state, view: follows(state.view) })), // looking round loses no redo
        });
      },
      takePlayhead: () => set(({ view: { playhead: _, ...view } }) => ({ view })),
      selectRun: (selectedRun) => set({ selectedRun }),
      lookAt(window) {
        set({ window });
        void get().resample();
      },
      lookAtStep(moment) {
        set({ moment });
        void get().resample();
      },
      async resample() {
        const { picture, window, moment, field, executorChoice } = get();
        if (picture === null || window === null) return;
        const isExact = executorChoice === 'wasm' || executorChoice === 'reference';
        const asked = gridOf(picture, window, moment);
        if (asked === null) return;
        const grid = isExact ? { ...asked, isExact } : asked;
        const newest = wanted ?? underWay ?? field;
        const isThere = newest && isSameLandscape(newest.study, picture.study) && isNearly(newest.grid, grid);
        if (isThere) return sampling ?? undefined;
        wanted = { study: picture.study, grid };
        if (underWay && !isSameLandscape(underWay.study, picture.study)) overtake();
        if (!isSameLandscape(field?.study, picture.study)) set({ awaited: picture.study });
        sampling ??= sampleWanted();
        await sampling;
      },
    };
  };
