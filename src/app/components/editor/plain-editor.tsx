/** The text where it is typed with a thumb: a plain area, which phones handle best. */
import { Textarea } from '@mantine/core';
import { useStore } from '../../store/use-store.ts';

interface PlainEditorProps {
  readonly label: string;
  readonly className: string;
  /** Where the reader has put the cursor. */
  readonly onCursor: (text: string, position: number) => void;
}

export default function PlainEditor({ label, className, onCursor }: PlainEditorProps) {
  const text = useStore((store) => store.experiment.problem);
  const editText = useStore((store) => store.editText);
  return (
    <Textarea
      className={className}
      aria-label={label}
      autosize
      minRows={8}
      value={text}
      autoCapitalize="off"
      autoCorrect="off"
      spellCheck={false}
      onChange={(event) => editText(event.currentTarget.value)}
      onSelect={({ currentTarget: { value, selectionEnd } }) => onCursor(value, selectionEnd)}
    />
  );
}
