/** Recomputes as one types and drags: studies the text after a pause, and runs what changed. */

import { isSameLandscape } from './landscape.ts';
import { computeAlike } from './run-edits.ts';
import type { Store, StoreApi } from './store.ts';

/** A pause in typing. */
const TYPING_PAUSE_MS = 120;
/** A run under way that is out of date is shown if it ends within this time, else it is stopped: a drag keeps moving. */
const STALE_RUN_MS = 150;

const isUpToDate = ({ study, started, experiment }: Store): boolean =>
  study === null || (started?.study === study && computeAlike(started.runs, experiment.runs ?? []));

/** Of two entries the loss around them never changes; of more, it does with those that are held. */
const needsSample = ({ picture, field }: Store): boolean =>
  picture !== null && (!isSameLandscape(picture.study, field?.study) || picture.study.problem.size > 2);

export function followExperiment(store: StoreApi): () => void {
  let typing: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;

  function catchUp() {
    const state = store.getState();
    if (state.isHeld || isUpToDate(state)) return;
    if (state.phase === 'idle') void state.run({ isAutomatic: true }).then(catchUp);
    else patience ??= setTimeout(replaceStaleRun, STALE_RUN_MS);
  }

  function replaceStaleRun() {
    patience = undefined;
    const state = store.getState();
    if (!state.isHeld && !isUpToDate(state)) void state.run({ isAutomatic: true }).then(catchUp);
  }

  const examine = () => void store.getState().examine({ isAutomatic: true }).then(catchUp);
  const examineSoon = () => {
    clearTimeout(typing);
    typing = setTimeout(examine, TYPING_PAUSE_MS);
  };

  const unsubscribe = store.subscribe((state, before) => {
    const isElsewhere = state.executorChoice !== before.executorChoice;
    if (isElsewhere || (state.picture !== before.picture && needsSample(state))) void state.resample();
    const textChanged =
      state.opened !== before.opened || // what was known of the text was dropped, even where the new one is the same
      state.experiment.problem !== before.experiment.problem ||
      state.experiment.seed !== before.experiment.seed;
    if (textChanged) examineSoon();
    else if (before.isHeld && state.experiment !== before.experiment)
      examine(); // what is costly to study still is
    else if (state.experiment !== before.experiment || state.study !== before.study) catchUp();
  });
  examine();
  return () => {
    unsubscribe();
    clearTimeout(typing);
    clearTimeout(patience);
  };
}
