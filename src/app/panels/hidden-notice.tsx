/** Says that parts are hidden, and brings them back. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { HIDEABLE, isHidden } from '../store/hidden-parts.ts';
import { useStore } from '../store/use-store.ts';

export function HiddenNotice() {
  const view = useStore((store) => store.view);
  const changeView = useStore((store) => store.changeView);
  const hidden = HIDEABLE.filter(({ part }) => isHidden(view, part));
  if (hidden.length === 0) return null;
  const names = hidden.map(({ title }) => title.replace(/^The /u, '')).join(', ');
  return (
    <Alert color="accent" variant="light" p={6} role="note" aria-label="Hidden parts">
      <Group gap="sm">
        <Text size="sm">Hidden here, so that you can guess first: {names}.</Text>
        <Button size="compact-sm" variant="default" onClick={() => changeView({ hide: [] })}>
          Show them
        </Button>
      </Group>
    </Alert>
  );
}
