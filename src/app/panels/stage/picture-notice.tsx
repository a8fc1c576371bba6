/** What stands before the picture: constraints that contradict each other, or a run that waits for Run. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { isAsking } from '../../store/lesson-slice.ts';
import type { Held as HeldWork } from '../../store/run-slice.ts';
import { useStore } from '../../store/use-store.ts';
import type { Study } from '../../study.ts';
import classes from './picture-notice.module.css';

/** What is warned of within the lines of the constraints. */
const warningsOfConstraints = ({ notes, problem: { constraints } }: Study): readonly string[] =>
  notes
    .filter(
      ({ severity, span: [from] = [-1] }) =>
        severity === 'warning' && constraints.some(({ span: [first, end] }) => first <= from && from < end),
    )
    .map(({ message }) => message);

/** No point meets them all: nothing that is drawn as feasible would be. `onShow` is there while the picture is not. */
function Contradiction({ study, onShow }: { readonly study: Study; readonly onShow?: () => void }) {
  const alert = (
    <Alert
      className={onShow ? '' : (classes.banner ?? '')}
      data-above-picture={!onShow || undefined}
      color="orange"
      variant="light"
      {...(onShow ? { title: 'The constraints contradict each other', maw: 520 } : { p: 'xs' })}
    >
      {warningsOfConstraints(study).map((message) => (
        <Text size="sm" key={message} mb={onShow ? 6 : 0}>
          {message}
        </Text>
      ))}
      {onShow && (
        <>
          <Text size="sm" mb="sm">
            Change one of the lines, or look at where the methods go all the same.
          </Text>
          <Button size="xs" variant="default" onClick={onShow}>
            Show the picture all the same
          </Button>
        </>
      )}
    </Alert>
  );
  return onShow ? <div className={classes.centre}>{alert}</div> : alert;
}

/** 4.2e10 as “42 billion”. */
const inWords = (count: number): string =>
  new Intl.NumberFormat('en', { notation: 'compact', compactDisplay: 'long', maximumSignificantDigits: 2 }).format(
    count,
  );

/** Of one thread that makes about a billion operations a second. */
const howLong = (operations: number): string =>
  operations < 3e10 ? 'some seconds' : operations < 3e12 ? 'minutes' : 'hours';

function heldText(held: HeldWork | null, isReading: boolean, hasResults: boolean): string {
  if (held === null && hasResults) return 'Stopped: the picture is of what ran before the last change.';
  if (held === null) return 'Nothing has run yet: this experiment waits for you.';
  const cost = `about ${inWords(held.operations)} operations`;
  if (held.what === 'runs') return `This experiment waits: its runs take ${cost}.`;
  const long = `${cost}, ${howLong(held.operations)} on most devices`;
  return isReading
    ? `Reading the problem: ${long}.`
    : `This experiment waits: reading its problem alone takes ${long}.`;
}

function Held() {
  const run = useStore((store) => store.run);
  const abandon = useStore((store) => store.abandon);
  const hasResults = useStore(({ picture }) => picture?.results.some(({ trajectory }) => trajectory !== null) ?? false);
  const held = useStore((store) => store.held);
  const isReading = useStore((store) => store.phase === 'preparing');
  return (
    <Alert className={classes.banner ?? ''} role="status" color="accent" variant="light" p="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{heldText(held, isReading, hasResults)}</Text>
        <Button size="compact-sm" onClick={() => (isReading ? abandon() : void run())}>
          {isReading ? 'Stop' : 'Run it'}
        </Button>
      </Group>
    </Alert>
  );
}

/** Of an experiment that came with a text that cannot be read: there is nothing to run. */
const Unread = () => (
  <Alert className={classes.banner ?? ''} role="status" color="orange" variant="light" p="xs">
    <Text size="sm">The problem of this experiment cannot be read yet. What is wrong stands under the text.</Text>
  </Alert>
);

/** Draws the picture, or says why not. */
export function PictureNotice({ children }: { readonly children: ReactNode }) {
  const study = useStore((store) => store.study);
  const isHeld = useStore(
    ({ isHeld, held, phase, lesson }) => isHeld && (phase === 'idle' || held !== null) && !isAsking(lesson),
  );
  const isUnread = useStore(
    ({ study, diagnosed, diagnostics, experiment }) =>
      study === null &&
      diagnosed?.text === experiment.problem &&
      diagnostics.some(({ severity }) => severity === 'error'),
  );
  const [shownAnyway, setShownAnyway] = useState<Study | null>(null);
  const inLesson = useStore(({ lesson }) => lesson !== null);
  const contradicts = study?.feasibility.verdict === 'no';
  if (contradicts && !inLesson && shownAnyway !== study)
    return <Contradiction study={study} onShow={() => setShownAnyway(study)} />;
  if (study === null && (isHeld || isUnread))
    return <div className={classes.centre}>{isUnread ? <Unread /> : <Held />}</div>;
  return (
    <div className={classes.column}>
      {contradicts && <Contradiction study={study} />}
      {isHeld && <Held />}
      <div className={classes.rest}>{children}</div>
    </div>
  );
}
