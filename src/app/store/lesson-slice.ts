/** The lesson that is open: its step, the reader's guess, and what was learned so far. */
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { Lesson, LessonStep } from '../../core/lesson.ts';
import type { Picture } from './run-slice.ts';
import type { Services, Slice, Store } from './store.ts';

/** A position among the options, a number, or a point of the picture. */
export type Guess = number | readonly [number, number];

export interface OpenLesson {
  readonly lesson: Lesson;
  readonly position: number;
  /** Undefined until there is one; null where the reader would rather see. */
  readonly guess: Guess | null | undefined;
  /** What was open before the lesson. */
  readonly before: Experiment;
  /** Whether that was kept as it was. */
  readonly wasKept: boolean;
}

/** Positions of the steps that were gone through, by lesson. */
export type Progress = Readonly<Record<string, readonly number[]>>;

export interface LessonSlice {
  readonly lesson: OpenLesson | null;
  readonly progress: Progress;
  /** All lessons, in their order; they are loaded at the first call. */
  lessons(): Promise<readonly Lesson[]>;
  /**
   * Opens a step (0 where none is named); what was open comes back when the lesson is left. False where there is no such lesson.
   * `changed`: what the reader made of the step, who has seen its answer.
   */
  openLesson(id: string, position?: number, changed?: Experiment): Promise<boolean>;
  goToStep(position: number): void;
  /** Shows what the runs do. */
  guess(guess: Guess | null): void;
  /** The task of the step is done. */
  finishStep(): void;
  /** Opens one way to do the step's task. */
  solve(): void;
  leaveLesson(): void;
  /** Work of an earlier visit comes back when the lesson is left. */
  returnTo(work: Experiment): void;
  restoreProgress(progress: Progress): void;
}

export const stepOf = ({ lesson, position }: OpenLesson): LessonStep | undefined => lesson.steps[position];

/** Results of the problem as it is now, by which a guess and a task are judged; null until they are there. */
export const judged = ({
  picture,
  study,
  started,
}: Pick<Store, 'picture' | 'study' | 'started'>): Picture['results'] | null =>
  picture !== null && picture.results.length > 0 && picture.study === study && study === started?.study
    ? picture.results
    : null;

/** Whether the reader has made something else of the step. */
export const isChanged = ({ lesson, experiment }: Pick<Store, 'lesson' | 'experiment'>): boolean =>
  lesson !== null && stepOf(lesson)?.experiment !== experiment;

/** Whether a prediction is asked, and not made: the runs are not shown yet. */
export const isAsking = (open: OpenLesson | null): boolean => open !== null && open.guess === undefined;

export const createLessonSlice =
  ({ lessons = async () => [] }: Pick<Services, 'lessons'>): Slice<LessonSlice> =>
  (set, get) => {
    let loaded: Promise<readonly Lesson[]> | null = null;
    const all = () => {
      loaded ??= lessons();
      return loaded;
    };

    function show(
      lesson: Lesson,
      position: number,
      { before, wasKept }: Pick<OpenLesson, 'before' | 'wasKept'>,
      changed?: Experiment,
    ) {
      const step = lesson.steps[position];
      if (!step) return;
      const guess = changed ? null : undefined;
      const open = { lesson, position, guess, before, wasKept };
      get().load(changed ?? step.experiment, { hold: !changed, lesson: open });
    }

    return {
      lesson: null,
      progress: {},
      lessons: all,
      async openLesson(id, position = 0, changed) {
        const lesson = (await all()).find((one) => one.id === id);
        if (!lesson?.steps[position]) return false;
        const { lesson: open, snapshot, kept, experiment } = get();
        show(lesson, position, open ?? { before: snapshot(), wasKept: kept === experiment }, changed);
        return true;
      },
      goToStep(position) {
        const { lesson: open } = get();
        if (open) show(open.lesson, position, open);
      },
      guess(guess) {
        const { lesson: open } = get();
        if (!open) return;
        set({ lesson: { ...open, guess } });
        void get().run();
      },
      finishStep() {
        const { lesson: open, progress } = get();
        if (!open) return;
        const done = progress[open.lesson.id] ?? [];
        if (done.includes(open.position)) return;
        set({ progress: { ...progress, [open.lesson.id]: [...done, open.position].sort((a, b) => a - b) } });
      },
      solve() {
        const { lesson: open } = get();
        const step = open && stepOf(open);
        const { title, view } = step?.experiment ?? {};
        if (open && step?.task)
          get().load({ ...(title && { title }), ...(view && { view }), ...step.task.solution }, { lesson: open });
      },
      leaveLesson() {
        const { lesson: open } = get();
        if (open) get().load(open.before, { isWork: !open.wasKept });
      },
      returnTo(before) {
        const { lesson: open } = get();
        if (open) set({ lesson: { ...open, before, wasKept: false } });
      },
      restoreProgress: (progress) => set({ progress }),
    };
  };
