/** What one does with the text as a whole: set it in good form, bring in data. */
import { ActionIcon, Badge, Button, CloseButton, Group, Tooltip } from '@mantine/core';
import { formatText } from '../../../core/language/format.ts';
import { useStore, useStoreApi } from '../../store/use-store.ts';

export function ProblemTools() {
  const store = useStoreApi();
  const show = useStore((state) => state.showDataDialog);
  const remove = useStore((state) => state.removeTable);
  const data = useStore(({ experiment }) => experiment.data);
  const format = () => {
    const { experiment, editText } = store.getState();
    const formatted = formatText(experiment.problem);
    if (formatted !== null) editText(formatted, null);
  };
  return (
    <Group gap={6}>
      {Object.keys(data ?? {}).map((name) => (
        <Badge
          key={name}
          variant="light"
          color="gray"
          tt="none"
          rightSection={<CloseButton size={14} aria-label={`Remove the table ${name}`} onClick={() => remove(name)} />}
        >
          {name}
        </Badge>
      ))}
      <Button size="compact-sm" variant="subtle" color="gray" data-command="data" onClick={() => show()}>
        Data…
      </Button>
      <Tooltip label="Format (Alt+Shift+F)">
        <ActionIcon size={26} variant="subtle" color="gray" aria-label="Format the text" onClick={format}>
          ≡
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
