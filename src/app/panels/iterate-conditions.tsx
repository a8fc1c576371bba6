/** Of the chosen run, at the playhead: whether it is at an optimum, and which part of the gradient the constraints carry. */
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { shortNumber } from '../number-text.ts';
import { recordAt } from '../playback/step-scale.ts';
import { usePlayback } from '../playback/use-playback.ts';
import { conditionsOf } from '../store/conditions.ts';
import { useResults, useStore } from '../store/use-store.ts';
import classes from './problem-panel.module.css';
import { useStage } from './stage.tsx';

export function IterateConditions() {
  const study = useStore((store) => store.picture?.study);
  const selected = useStore((store) => store.selectedRun);
  const result = useResults()[selected];
  const { step } = usePlayback(useStage().playback);
  const hasRun = Boolean(result?.trajectory);
  const conditions = useMemo(() => (study && hasRun ? conditionsOf(study) : null), [study, hasRun]);
  const steps = result?.trajectory?.steps ?? [];
  const record = recordAt(steps, step);
  const report = useMemo(
    () => (result && record >= 0 ? (conditions?.(result, record) ?? null) : null),
    [conditions, result, record],
  );
  if (!report) return null;
  const { verdict, tangent, normal, active, areIndependent } = report;
  const entries = [
    { term: `Step ${(steps[record] ?? 0).toLocaleString('en')}`, fact: verdict },
    ...(active.length > 0
      ? [
          {
            term: 'Gradient',
            fact: `${shortNumber(tangent, 3)} along the active constraints, ${shortNumber(normal, 3)} across`,
          },
        ]
      : []),
    ...(areIndependent
      ? []
      : [{ term: 'Multipliers', fact: 'not the only ones: the active constraints depend on each other here' }]),
  ];
  return (
    <dl className={classes.facts} aria-label="The chosen run at the playhead">
      {entries.map(({ term, fact }) => (
        <div key={term}>
          <Text component="dt" size="xs" c="dimmed">
            {term}
          </Text>
          <Text component="dd" size="xs">
            {fact}
          </Text>
        </div>
      ))}
    </dl>
  );
}
