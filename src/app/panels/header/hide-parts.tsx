/** Which parts of the page are hidden. They travel with the link: a class that opens it guesses first. */
import { Checkbox, Stack, Text } from '@mantine/core';
import { HIDEABLE } from '../../store/hidden-parts.ts';
import { useStore } from '../../store/use-store.ts';

export default function HideParts() {
  const hide = useStore(({ view }) => view.hide);
  const changeView = useStore((store) => store.changeView);
  return (
    <Checkbox.Group
      size="sm"
      label="Hide, so that a class can guess"
      description="The link that you share hides them, too, and offers to show them."
      value={[...(hide ?? [])]}
      onChange={(hidden) => changeView({ hide: hidden })}
    >
      <Stack gap={8} mt={8}>
        {HIDEABLE.map(({ part, title, summary }) => (
          <Checkbox
            key={part}
            size="sm"
            value={part}
            label={
              <>
                {title}{' '}
                <Text span size="xs" c="dimmed">
                  {summary}
                </Text>
              </>
            }
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
