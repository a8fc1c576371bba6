/** How the iterates are seen: only views that the problem has. */
import { NativeSelect, Tooltip } from '@mantine/core';

interface ViewPickerProps<Kind extends string> {
  readonly choices: readonly { readonly kind: Kind; readonly title: string; readonly summary: string }[];
  readonly kind: Kind;
  readonly onKind: (kind: Kind) => void;
}

export function ViewPicker<Kind extends string>({ choices, kind, onKind }: ViewPickerProps<Kind>) {
  const chosen = choices.find((choice) => choice.kind === kind);
  return (
    <Tooltip label={chosen?.summary} openDelay={600} multiline maw={280} disabled={!chosen}>
      <NativeSelect
        size="xs"
        maw={190}
        aria-label="View"
        value={kind}
        data={choices.map((choice) => ({ value: choice.kind, label: choice.title }))}
        onChange={(event) => {
          const next = choices.find((choice) => choice.kind === event.currentTarget.value);
          if (next) onKind(next.kind);
        }}
      />
    </Tooltip>
  );
}
