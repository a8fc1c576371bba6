/** The forces at the playhead on the chosen run, and their switch. */

import { useEffect, useMemo, useState } from 'react';
import { HIDDEN_FORCES } from '../../../core/experiment/experiment.ts';
import type { ForcesReporter } from '../../../core/run/forces.ts';
import { useSameEntries } from '../../components/plot/use-same-entries.ts';
import type { ForceArrows } from '../../figures/force-arrows.ts';
import { isSameLandscape } from '../../store/landscape.ts';
import { useResultsNow, useStoreNow } from '../../store/use-store.ts';
import type { SeenPlane, Study } from '../../study.ts';
import { arrowsOf, runWithArrows } from './force-arrows-of.ts';

export interface ForceArrowsSwitch {
  /** The run's position, whose head has them. */
  readonly run: number;
  readonly arrows: ForceArrows | null;
  readonly isOn: boolean;
  toggle(): void;
}

/** Null where a picture has no room for them: no axes, no run, or too many parameters. */
export function useForceArrows(axes: readonly number[], plane: SeenPlane | null): ForceArrowsSwitch | null {
  const study = useStoreNow((store) => store.picture?.study ?? null);
  const hide = useStoreNow((store) => store.view.hide);
  const changeView = useStoreNow((store) => store.changeView);
  const results = useResultsNow();
  const selected = useStoreNow((store) => store.selectedRun);
  const runs = useStoreNow((store) => store.experiment.runs);
  const isOn = !hide?.includes(HIDDEN_FORCES);
  const run = runWithArrows(results, runs, selected);
  const result = results[run];
  const steps = result?.job?.steps ?? 1;
  const reporter = useReporter(isOn && axes.length > 0 && result ? study : null, steps);
  const shown = useSameEntries(axes);
  const arrows = useMemo(
    () => study && arrowsOf(reporter, result, run, { size: study.problem.size, axes: shown, plane }),
    [reporter, study, result, run, shown, plane],
  );
  if (axes.length === 0 || !result) return null;
  const others = hide?.filter((name) => name !== HIDDEN_FORCES) ?? [];
  return { run, arrows, isOn, toggle: () => changeView({ hide: isOn ? [...others, HIDDEN_FORCES] : others }) };
}

/** Loaded once they are wanted; of an older problem, none. */
function useReporter(study: Study | null, steps: number): ForcesReporter | null {
  const [made, setMade] = useState<{ study: Study; steps: number; reporter: ForcesReporter | null } | null>(null);
  const isMade = made !== null && study !== null && made.steps === steps && isSameLandscape(made.study, study);
  useEffect(() => {
    if (study === null || isMade) return;
    let isCurrent = true;
    void import('../../../core/run/forces.ts').then(({ forcesReporter }) => {
      if (isCurrent) setMade({ study, steps, reporter: forcesReporter(study.problem, steps) });
    });
    return () => {
      isCurrent = false;
    };
  }, [study, steps, isMade]);
  return isMade ? made.reporter : null;
}
