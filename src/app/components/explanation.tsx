/** What a number or a picture means, for a reader who meets it for the first time: a question mark that opens. */
import { ActionIcon, Popover, Text } from '@mantine/core';

interface ExplanationProps {
  readonly title: string;
  readonly text: string;
}

export const Explanation = ({ title, text }: ExplanationProps) => (
  <Popover width={300} position="top" shadow="md" withinPortal>
    <Popover.Target>
      <ActionIcon size={24} variant="subtle" color="gray" aria-label={`What is this number? ${title}`}>
        ?
      </ActionIcon>
    </Popover.Target>
    <Popover.Dropdown>
      <Text size="sm">{text}</Text>
    </Popover.Dropdown>
  </Popover>
);
