/** The page's state: the experiment, what is known of its problem, what its runs gave, and how it is looked at. */
import { type TemporalState, temporal } from 'zundo';
import { createStore as createZustandStore, type StateCreator, type StoreApi as ZustandStore } from 'zustand/vanilla';
import type { Listing } from '../../core/contracts.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { Lesson } from '../../core/lesson.ts';
import type { Executor } from '../../core/run/run.ts';
import type { SwarmExecutor } from '../../core/run/swarm.ts';
import type { Analyst } from '../study.ts';
import type { TableKeeper } from '../table-keeper.ts';
import { type Calm, calmly } from './calm.ts';
import { createDataSlice, type DataSlice } from './data-slice.ts';
import { createExperimentSlice, type ExperimentSlice } from './experiment-slice.ts';
import { createLessonSlice, type LessonSlice } from './lesson-slice.ts';
import { createNoticeSlice, type NoticeSlice } from './notice-slice.ts';
import { createProblemSlice, type ProblemSlice } from './problem-slice.ts';
import { createRunSlice, type RunSlice } from './run-slice.ts';
import { createSwarmSlice, type SwarmSlice } from './swarm-slice.ts';
import { createViewSlice, showsTheSame, type ViewSlice } from './view-slice.ts';

/** What does the work; chosen in `workshop.tsx`, faked in tests. */
export interface Services {
  readonly executor: Executor;
  readonly swarms?: SwarmExecutor;
  readonly analyst: Analyst;
  readonly catalog: Listing;
  /** Large tables are kept on the device; without it all travel with the experiment. */
  readonly tables?: TableKeeper;
  /** All lessons; loaded when they are first asked for. */
  readonly lessons?: () => Promise<readonly Lesson[]>;
}

export type Store = DataSlice &
  ExperimentSlice &
  LessonSlice &
  NoticeSlice &
  ProblemSlice &
  RunSlice &
  SwarmSlice &
  ViewSlice;

/** A part of the store, written as one. */
export type Slice<Part> = StateCreator<Store, [], [], Part>;

/** What undo remembers: experiments and how each was looked at, nothing else of the store. */
export type History = ZustandStore<TemporalState<Pick<Store, 'experiment' | 'view'>>>;

export type StoreApi = ZustandStore<Store> & { readonly temporal: History; readonly calm: Calm };

const HISTORY_LIMIT = 200;

export function createStore(services: Services, experiment: Experiment): StoreApi {
  const history = (): History => store.temporal;
  const store = createZustandStore<Store>()(
    temporal(
      (...api) => ({
        ...createDataSlice(services.tables ?? null)(...api),
        ...createExperimentSlice(services.catalog, experiment, history)(...api),
        ...createLessonSlice(services)(...api),
        ...createNoticeSlice(...api),
        ...createProblemSlice(services.analyst, services.tables?.find ?? (async () => null))(...api),
        ...createRunSlice(services)(...api),
        ...createSwarmSlice(services)(...api),
        ...createViewSlice(services.analyst, history, experiment.view)(...api),
      }),
      {
        limit: HISTORY_LIMIT,
        partialize: ({ experiment, view }) => ({ experiment, view }),
        equality: (before, after) => before.experiment === after.experiment && showsTheSame(before.view, after.view),
      },
    ),
  );
  return Object.assign(store, { calm: calmly(store) });
}
