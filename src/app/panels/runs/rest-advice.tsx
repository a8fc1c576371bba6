/** Why a run ended off the optimum, and the change that mends it in one click. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { changedRun } from '../../../core/experiment/advice.ts';
import { FixButton } from '../../components/fix-button.tsx';
import { adviceOf } from '../../store/advice.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import type { RunResult } from '../../store/run-slice.ts';
import { useCatalog, useStore } from '../../store/use-store.ts';
import type { Study } from '../../study.ts';
import classes from './run-card.module.css';

interface RestAdviceProps {
  readonly result: RunResult;
  readonly study: Study;
  readonly index: number;
}

export default function RestAdvice({ result, study, index }: RestAdviceProps) {
  const catalog = useCatalog();
  const changeRun = useStore((store) => store.changeRun);
  const tellsOptimum = !useHidden('optimum');
  const advice = useMemo(() => adviceOf(result, study, catalog, tellsOptimum), [result, study, catalog, tellsOptimum]);
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
