/** Why a run ended off the optimum, and the change that mends it in one click. */
import { Text } from '@mantine/core';
import { use, useEffect, useState } from 'react';
import type { Diagnostic } from '../../../core/diagnostic.ts';
import { changedRun } from '../../../core/experiment/advice/advice.ts';
import type { Place } from '../../../core/experiment/study/undefined-at.ts';
import { once } from '../../../core/once.ts';
import { precisionOf } from '../../../core/run/verdict.ts';
import { FixButton } from '../../components/fix-button.tsx';
import { entries } from '../../entries.ts';
import { adviceOf, asksEntries } from '../../store/advice.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import type { RunResult } from '../../store/run-slice.ts';
import { useStore } from '../../store/use-store.ts';
import type { Study } from '../../study.ts';
import classes from './run-card.module.css';

interface RestAdviceProps {
  readonly result: RunResult;
  readonly study: Study;
  readonly index: number;
}

/** The records of a run that lost its numbers, and the first at which the loss was none; else the last. */
function placeOf({ trajectory, job }: RunResult): Place | null {
  if (trajectory === null || job === null) return null;
  const { iterates, steps, measures } = trajectory;
  const lost = measures.loss.findIndex((loss) => !Number.isFinite(loss));
  const record = lost < 0 ? steps.length - 1 : lost;
  const { size } = job.program;
  return { x: iterates.slice(record * size, (record + 1) * size), step: steps[record] ?? 0, steps: job.steps };
}

/** Which operation of the text lost the number, and a form of it that does not. */
function LostNumber({ result, study }: Pick<RestAdviceProps, 'result' | 'study'>) {
  const whyUndefined = useStore((store) => store.whyUndefined);
  const editText = useStore((store) => store.editText);
  const text = useStore((store) => (store.study === study ? store.studied?.text : undefined));
  const [why, setWhy] = useState<Diagnostic | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const place = placeOf(result);
    setWhy(null);
    if (place && result.end)
      void whyUndefined(study, place, precisionOf(result.end.executor)).then((found) => {
        if (isCurrent) setWhy(found);
      });
    return () => {
      isCurrent = false;
    };
  }, [whyUndefined, result, study]);
  if (why === null) return null;
  const { message, fix } = why;
  return (
    <>
      <Text size="xs" className={classes.detail ?? ''}>
        {message}
      </Text>
      {fix && text !== undefined && (
        <FixButton
          title={fix.title}
          onClick={() => editText(text.slice(0, fix.span[0]) + fix.insert + text.slice(fix.span[1]), null)}
        />
      )}
    </>
  );
}

export default function RestAdvice(props: RestAdviceProps) {
  return props.result.end?.status === 'non-finite' ? <LostNumber {...props} /> : <Advised {...props} />;
}

/** Of a result, which belongs to one study: what is drawn in pieces, and begun anew, need not look at all records each time. */
const advised = once(adviceOf);
const advisedBeforeTelling = once(adviceOf);

function Advised({ result, study, index }: RestAdviceProps) {
  const catalog = asksEntries(result) ? use(entries()) : null;
  const changeRun = useStore((store) => store.changeRun);
  const tellsOptimum = !useHidden('optimum');
  const advice = (tellsOptimum ? advised : advisedBeforeTelling)(result, study, catalog, tellsOptimum);
  if (!advice) return null;
  const { message, change } = advice;
  return (
    <>
      <Text size="xs" className={classes.detail ?? ''}>
        {message}
      </Text>
      {change && (
        <FixButton
          title={change.title}
          onClick={() => {
            const { method, settings, optimizer, steps } = changedRun(result.run, change);
            changeRun(index, { method, settings, optimizer, steps, ...(change.method && { label: undefined }) });
          }}
        />
      )}
    </>
  );
}
