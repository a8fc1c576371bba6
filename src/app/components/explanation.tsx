/** What a number or a picture means, for a reader who meets it for the first time: a question mark that opens. */
import { ActionIcon, Popover, Text } from '@mantine/core';
import { memo } from 'react';
import { useHint } from './use-hint.ts';

interface ExplanationProps {
  readonly title: string;
  readonly text: string;
}

export const Explanation = memo(function Explanation({ title, text }: ExplanationProps) {
  const { popover, button } = useHint();
  return (
    <Popover {...popover} width={300} position="top" shadow="md" withinPortal>
      <Popover.Target>
        <ActionIcon size={24} variant="subtle" color="gray" aria-label={`What is this number? ${title}`} {...button}>
          ?
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm">{text}</Text>
      </Popover.Dropdown>
    </Popover>
  );
});
