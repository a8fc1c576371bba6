/** How the experiment is looked at. Kept beside the experiment, not in its history: undo never turns the camera. */
import type { ViewJson } from '../../core/experiment/experiment.ts';
import type { Analyst, GridRequest, Study } from '../study.ts';
import type { Slice } from './store.ts';

/** Loss on a grid, and the study and request that it belongs to. */
export interface LossField {
  readonly study: Study;
  readonly request: GridRequest;
  /** Row-major [ys.length, xs.length]. */
  readonly values: Float64Array;
}

export interface ViewSlice {
  readonly view: ViewJson;
  /** Position among the runs of the card that is open. */
  readonly selectedRun: number;
  /** The loss on the last grid that was asked for. */
  readonly field: LossField | null;
  changeView(patch: ViewJson): void;
  selectRun(index: number): void;
  /** Asks for the loss on a grid; an answer that was overtaken is dropped. */
  sampleField(request: GridRequest): Promise<void>;
}

export const createViewSlice =
  (analyst: Analyst, initial: ViewJson = {}): Slice<ViewSlice> =>
  (set, get) => {
    let newest: GridRequest | null = null;
    return {
      view: initial,
      selectedRun: 0,
      field: null,
      changeView: (patch) => set(({ view }) => ({ view: { ...view, ...patch } })),
      selectRun: (selectedRun) => set({ selectedRun }),
      async sampleField(request) {
        const { study } = get();
        if (study === null) return;
        newest = request;
        const values = await analyst.field(study.problem, request);
        if (newest === request && get().study === study) set({ field: { study, request, values } });
      },
    };
  };
