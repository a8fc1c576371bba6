/** Something to change in the experiment: what of it is done, a hint, and one way to do it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { holds, type Outcome, type Task } from '../../../core/lesson.ts';
import { MarkedText } from '../../components/marked-text.tsx';
import classes from './lesson-panel.module.css';

interface LessonTaskProps {
  readonly task: Task;
  /** Null while the runs are under way. */
  readonly outcomes: readonly Outcome[] | null;
  onDone(): void;
  onSolve(): void;
}

export function LessonTask({ task, outcomes, onDone, onSolve }: LessonTaskProps) {
  const [isHintShown, showHint] = useState(false);
  const kept = task.claims.map((claim) => outcomes !== null && holds(claim, outcomes));
  const isDone = kept.every(Boolean);
  useEffect(() => {
    if (isDone) onDone();
  }, [isDone, onDone]);
  return (
    <Stack gap={6} className={classes.task ?? ''} data-done={isDone || undefined}>
      <Text size="sm" component="div">
        <strong>Your turn.</strong> <MarkedText text={task.text} />
      </Text>
      <ul className={classes.claims}>
        {task.claims.map(({ says }, i) => (
          <li key={says} data-kept={kept[i] || undefined}>
            <span aria-hidden="true">{kept[i] ? '✓' : '○'}</span>
            <span>
              {says}
              <span className={classes.hidden}>{kept[i] ? ' (done)' : ' (not yet)'}</span>
            </span>
          </li>
        ))}
      </ul>
      {isDone ? (
        <Text size="sm" role="status" fw={600}>
          Done. That is it.
        </Text>
      ) : (
        <>
          {isHintShown && (
            <Text size="sm" c="dimmed" component="div">
              <MarkedText text={task.hint} />
            </Text>
          )}
          <Group gap={6}>
            {!isHintShown && (
              <Button size="compact-sm" variant="default" onClick={() => showHint(true)}>
                Hint
              </Button>
            )}
            {isHintShown && (
              <Button size="compact-sm" variant="default" onClick={onSolve}>
                Show a solution
              </Button>
            )}
          </Group>
        </>
      )}
    </Stack>
  );
}
