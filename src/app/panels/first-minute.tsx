/** Three things to try, for who opens the page for the first time: each is ticked off when it was done, and the bar goes. */
import { CloseButton, Group, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import { defaultExperiment } from '../default-experiment.ts';
import { storage } from '../storage.ts';
import { useHidden } from '../store/hidden-parts.ts';
import { useStore } from '../store/use-store.ts';
import classes from './first-minute.module.css';

const KEY = 'feasible.first-minute';

const isStart = (line: string): boolean => /^\s*param\b/.test(line);

/** Lines of a text, those that declare starts apart from the others. */
function parts(text: string) {
  const lines = text.split('\n');
  return { starts: lines.filter(isStart).join('\n'), rest: lines.filter((line) => !isStart(line)).join('\n') };
}

const FIRST = parts(defaultExperiment.problem);

/** Whether this browser has seen the bar to its end; null while that is not known. */
function useSeen(): [boolean | null, () => void] {
  const [seen, setSeen] = useState<boolean | null>(null);
  useEffect(() => {
    storage.get(KEY).then(
      (kept) => setSeen(kept === true),
      () => setSeen(false),
    );
  }, []);
  const finish = () => {
    setSeen(true);
    void storage.set(KEY, true).catch(() => undefined);
  };
  return [seen, finish];
}

export function FirstMinute() {
  const [seen, finish] = useSeen();
  const text = useStore((store) => store.experiment.problem);
  const title = useStore((store) => store.experiment.title);
  const inLesson = useStore((store) => store.lesson !== null);
  const openLesson = useStore((store) => store.openLesson);
  const hidesText = useHidden('editor');
  const { starts, rest } = parts(text);
  if (seen !== false || inLesson || title !== defaultExperiment.title) return null;
  const [hasDragged, hasEdited] = [starts !== FIRST.starts, rest !== FIRST.rest];
  return (
    <section className={classes.bar} aria-label="Things to try">
      <Group gap="md" wrap="wrap" className={classes.steps ?? ''}>
        <Text size="sm" fw={600}>
          Try this:
        </Text>
        <Text size="sm" data-done={hasDragged || undefined} className={classes.step ?? ''}>
          <span className={classes.number}>{hasDragged ? '✓' : '1'}</span> Drag the start, the small ring
        </Text>
        {!hidesText && (
          <Text size="sm" data-done={hasEdited || undefined} className={classes.step ?? ''}>
            <span className={classes.number}>{hasEdited ? '✓' : '2'}</span> Change a number in the text, 0.4 say
          </Text>
        )}
        <UnstyledButton className={classes.step ?? ''} fz="sm" onClick={() => void openLesson('corner-of-the-box')}>
          <span className={classes.number}>{hidesText ? '2' : '3'}</span> <u>Take the lesson on this picture</u>
        </UnstyledButton>
      </Group>
      <CloseButton size={24} aria-label="Close the things to try" onClick={finish} />
    </section>
  );
}
