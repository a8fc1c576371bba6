/** The open step of a lesson: its words, a question before the runs are shown, a task, and the way on. */
import { ActionIcon, Button, CloseButton, CopyButton, Group, Stack, Text, Tooltip } from '@mantine/core';
import { type ReactNode, useCallback, useEffect, useMemo } from 'react';
import { outcomeOf } from '../../../core/lesson.ts';
import { ShareIcon } from '../../components/icons.tsx';
import { MarkedText } from '../../components/marked-text.tsx';
import { lessonLink } from '../../store/lesson-link.ts';
import { isAsking, judged, type OpenLesson, stepOf } from '../../store/lesson-slice.ts';
import { useStore, useStoreApi } from '../../store/use-store.ts';
import classes from './lesson-panel.module.css';
import { Answer, Ask } from './lesson-question.tsx';
import { LessonTask } from './lesson-task.tsx';

/** What the runs gave; null until all have ended. */
function useOutcomes() {
  const results = useStore(judged);
  return useMemo(() => {
    const outcomes = results?.map(({ trajectory, end, job }) =>
      trajectory && end && job ? outcomeOf([trajectory], end.status, job.measure) : null,
    );
    return outcomes?.every((outcome) => outcome !== null) ? outcomes : null;
  }, [results]);
}

interface StepProps {
  readonly open: OpenLesson;
  /** Where charts are out of sight: the first of them that the step speaks of, below the answer. */
  readonly chart?: ReactNode;
}

function Step({ open, chart }: StepProps) {
  const store = useStoreApi();
  const outcomes = useOutcomes();
  const finish = useCallback(() => store.getState().finishStep(), [store]);
  const step = stepOf(open);
  const asks = isAsking(open);
  if (!step) return null;
  const { guess } = open;
  return (
    <Stack gap={10}>
      <Text size="sm" component="div" className={classes.text ?? ''}>
        <MarkedText text={step.text} />
      </Text>
      {asks && <Ask question={step.ask} onGuess={(made) => store.getState().guess(made)} />}
      {guess !== undefined && <Answer question={step.ask} guess={guess} outcomes={outcomes} />}
      {!asks && step.experiment.view?.charts && chart}
      {!asks && (
        <LessonTask task={step.task} outcomes={outcomes} onDone={finish} onSolve={() => store.getState().solve()} />
      )}
    </Stack>
  );
}

/** A phone shows the picture of each step, and afterwards that of what was open before, from its top. */
function useBeginning(step: string) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: at each step
  useEffect(() => {
    window.scrollTo(0, 0);
    return () => window.scrollTo(0, 0);
  }, [step]);
}

export function LessonPanel({ open, chart }: StepProps) {
  const { lesson, position } = open;
  const goToStep = useStore((store) => store.goToStep);
  const leave = useStore((store) => store.leaveLesson);
  const openLesson = useStore((store) => store.openLesson);
  const lessons = useStore((store) => store.lessons);
  const isLast = position === lesson.steps.length - 1;
  const next = async () => {
    if (!isLast) return goToStep(position + 1);
    const all = await lessons();
    const following = all[all.findIndex(({ id }) => id === lesson.id) + 1];
    if (following) await openLesson(following.id);
    else leave();
  };
  useBeginning(`${lesson.id} ${position}`);
  return (
    <section className={classes.panel} aria-label={`Lesson: ${lesson.title}`}>
      <Group justify="space-between" wrap="nowrap" gap={4} align="flex-start">
        <div>
          <Text component="h2" className={classes.eyebrow ?? ''}>
            Lesson {lesson.order}: {lesson.title}
          </Text>
          <Text component="h3" className={classes.title ?? ''}>
            {lesson.steps[position]?.title}
          </Text>
        </div>
        <Group gap={2} wrap="nowrap">
          <CopyButton value={lessonLink(window.location.href, lesson.id, position)}>
            {({ copied, copy }) => (
              <Tooltip label={copied ? 'Copied' : 'Copy a link to this step'}>
                <ActionIcon
                  color="gray"
                  size="md"
                  aria-label={copied ? 'The link is copied' : 'Copy a link to this step'}
                  onClick={copy}
                >
                  <ShareIcon />
                </ActionIcon>
              </Tooltip>
            )}
          </CopyButton>
          <Tooltip label="Leave the lesson: what was open before comes back">
            <CloseButton aria-label="Leave the lesson" onClick={leave} />
          </Tooltip>
        </Group>
      </Group>
      <Step key={`${lesson.id} ${position}`} open={open} chart={chart} />
      <Group justify="space-between" gap={6} className={classes.way ?? ''}>
        <Button size="compact-sm" variant="default" disabled={position === 0} onClick={() => goToStep(position - 1)}>
          Back
        </Button>
        <Text size="xs" c="dimmed">
          Step {position + 1} of {lesson.steps.length}
        </Text>
        <Button size="compact-sm" variant={isLast ? 'light' : 'filled'} onClick={() => void next()}>
          {isLast ? 'Next lesson' : 'Next'}
        </Button>
      </Group>
      <Text size="xs" c="dimmed">
        Source: {lesson.source}
      </Text>
    </section>
  );
}
