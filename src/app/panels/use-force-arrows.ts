/** The forces at the playhead on the chosen run, computed from the problem at each iterate, in the coordinates of the picture. */
import { useEffect, useMemo, useState } from 'react';
import type { ForcesReporter } from '../../core/run/forces.ts';
import { KKT_TOLERANCE, precisionOf } from '../../core/run/verdict.ts';
import { type Arrow, type ForceArrows, forceArrows, seen } from '../figures/force-arrows.ts';
import { useResults, useStore } from '../store/use-store.ts';
import type { SeenPlane, Study } from '../study.ts';

/** What `view.hide` says where the arrows are switched off. */
const HIDDEN = 'forces';

export interface ForceArrowsSwitch {
  /** The run's position, whose head has them. */
  readonly run: number;
  readonly arrows: ForceArrows | null;
  readonly isOn: boolean;
  toggle(): void;
}

/** Null where a picture has no room for them: not two axes, no run, or too many parameters. */
export function useForceArrows(axes: readonly number[], plane: SeenPlane | null): ForceArrowsSwitch | null {
  const study = useStore((store) => store.picture?.study ?? null);
  const hide = useStore((store) => store.view.hide);
  const changeView = useStore((store) => store.changeView);
  const results = useResults();
  const selected = useStore((store) => store.selectedRun);
  const runs = useStore((store) => store.experiment.runs);
  const isOn = !hide?.includes(HIDDEN);
  const isDrawn = (i: number) => runs?.[i]?.visible !== false && (results[i]?.trajectory?.steps.length ?? 0) > 0;
  const run = isDrawn(selected) ? selected : results.findIndex((_, i) => isDrawn(i));
  const result = results[run];
  const steps = result?.job?.steps ?? 1;
  const reporter = useReporter(isOn && axes.length === 2 && result ? study : null, steps);
  const [first, second] = axes;
  const arrows = useMemo(() => {
    const trajectory = result?.trajectory;
    if (!reporter || !study || !trajectory || first === undefined || second === undefined) return null;
    const { size } = study.problem;
    const tolerance = KKT_TOLERANCE[precisionOf(result.end?.executor ?? 'fused')];
    const see = (vector: Float64Array): Arrow =>
      plane
        ? [along(vector, plane.directions[0] ?? []), along(vector, plane.directions[1] ?? [])]
        : [vector[first] ?? 0, vector[second] ?? 0];
    return forceArrows(String(run), trajectory.steps.length, (record) => {
      const x = trajectory.iterates.subarray(record * size, (record + 1) * size);
      const forces = x.length === size ? reporter(x, trajectory.steps[record] ?? 0, tolerance) : null;
      return forces && seen(forces, see);
    });
  }, [reporter, study, result, run, first, second, plane]);
  if (axes.length !== 2 || !result) return null;
  const others = hide?.filter((name) => name !== HIDDEN) ?? [];
  return { run, arrows, isOn, toggle: () => changeView({ hide: isOn ? [...others, HIDDEN] : others }) };
}

const along = (vector: Float64Array, direction: readonly number[]): number =>
  direction.reduce((sum, d, i) => sum + d * (vector[i] ?? 0), 0);

/** Loaded once they are wanted; of an older problem, none. */
function useReporter(study: Study | null, steps: number): ForcesReporter | null {
  const [made, setMade] = useState<{ study: Study; steps: number; reporter: ForcesReporter | null } | null>(null);
  useEffect(() => {
    if (study === null) return;
    let isCurrent = true;
    void import('../../core/run/forces.ts').then(({ forcesReporter }) => {
      if (isCurrent) setMade({ study, steps, reporter: forcesReporter(study.problem, steps) });
    });
    return () => {
      isCurrent = false;
    };
  }, [study, steps]);
  return made !== null && made.study === study && made.steps === steps ? made.reporter : null;
}
