/** A button that copies a text and says, to screen readers too, that it did. */
import { Button, CopyButton, VisuallyHidden } from '@mantine/core';

interface CopiedButtonProps {
  readonly text: string;
  /** Told once it is done. */
  readonly what: string;
  readonly children: string;
}

export function CopiedButton({ text, what, children }: CopiedButtonProps) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <>
          <Button size="xs" variant="default" onClick={copy}>
            {copied ? 'Copied' : children}
          </Button>
          <VisuallyHidden role="status">{copied ? `${what} is copied.` : ''}</VisuallyHidden>
        </>
      )}
    </CopyButton>
  );
}
