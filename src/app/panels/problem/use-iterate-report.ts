/** The conditions of the chosen run's iterate at the playhead, and those of the optimum. */
import { useMemo } from 'react';
import type { KktReport } from '../../../core/run/kkt-report.ts';
import { recordAt } from '../../playback/step-scale.ts';
import { conditionsOf } from '../../store/conditions.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { aroundStarts } from '../../store/landscape.ts';
import { useResults, useStore } from '../../store/use-store.ts';
import { useStepOfChosen } from '../stage/stage.tsx';

/** The same wherever runs start. */
const conditionsAround = aroundStarts(conditionsOf);

export interface IterateReport extends KktReport {
  /** The step of the record that is read. */
  readonly step: number;
}

/** Null without iterates, and where the conditions are not asked: of many parameters, and of constraints that move. */
export function useIterateReport(): IterateReport | null {
  const study = useStore((store) => store.picture?.study);
  const selected = useStore((store) => store.selectedRun);
  const result = useResults()[selected];
  const step = useStepOfChosen(2); // not in the frame in which the text's read-outs are drawn
  const hasRun = Boolean(result?.trajectory);
  const conditions = useMemo(() => (study && hasRun ? conditionsAround(study) : null), [study, hasRun]);
  const steps = result?.trajectory?.steps;
  const record = steps ? recordAt(steps, step) : -1;
  return useMemo(() => {
    const report = result && record >= 0 ? conditions?.atRecord(result, record) : null;
    return report ? { ...report, step: steps?.[record] ?? 0 } : null;
  }, [conditions, result, record, steps]);
}

/** Of the optimum that was found, where it is to be seen. */
export function useOptimumReport(): KktReport | null {
  const study = useStore((store) => store.picture?.study);
  const isHidden = useHidden('optimum');
  return useMemo(() => {
    const x = isHidden ? undefined : study?.optimum?.x;
    return (study && x && conditionsAround(study)?.at(Float64Array.from(x))) ?? null;
  }, [study, isHidden]);
}
