/** What stands before the picture: constraints that contradict each other, or a run that waits for Run. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { shortNumber } from '../number-text.ts';
import { isAsking } from '../store/lesson-slice.ts';
import { useStore } from '../store/use-store.ts';
import type { Study } from '../study.ts';
import classes from './picture-notice.module.css';

/** No point meets them all: nothing that is drawn as feasible would be. */
function Contradiction({ study, onShow }: { readonly study: Study; readonly onShow: () => void }) {
  return (
    <div className={classes.centre}>
      <Alert color="orange" variant="light" title="The constraints contradict each other" maw={520}>
        {study.notes
          .filter(({ severity }) => severity === 'warning')
          .map(({ message }) => (
            <Text size="sm" key={message} mb={6}>
              {message}
            </Text>
          ))}
        <Text size="sm" mb="sm">
          Change one of the lines, or look at where the methods go all the same.
        </Text>
        <Button size="xs" variant="default" onClick={onShow}>
          Show the picture all the same
        </Button>
      </Alert>
    </div>
  );
}

function Held() {
  const run = useStore((store) => store.run);
  const operations = useStore((store) => store.heldOperations);
  return (
    <Alert className={classes.banner ?? ''} color="accent" variant="light" p="xs">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {operations === null
            ? 'Nothing has run yet: this experiment waits for you.'
            : `This experiment waits: it takes about ${shortNumber(operations, 2)} operations.`}
        </Text>
        <Button size="compact-sm" onClick={() => void run()}>
          Run it
        </Button>
      </Group>
    </Alert>
  );
}

/** Draws the picture, or says why not. */
export function PictureNotice({ children }: { readonly children: ReactNode }) {
  const study = useStore((store) => store.study);
  const isHeld = useStore(({ isHeld, lesson }) => isHeld && !isAsking(lesson));
  const [shownAnyway, setShownAnyway] = useState<Study | null>(null);
  const contradicts = study?.feasibility.verdict === 'no' && shownAnyway !== study;
  if (study && contradicts) return <Contradiction study={study} onShow={() => setShownAnyway(study)} />;
  return (
    <div className={classes.column}>
      {isHeld && <Held />}
      <div className={classes.rest}>{children}</div>
    </div>
  );
}
