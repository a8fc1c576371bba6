/** A popover that its button opens. Escape on the button closes it, and not the dialog around it: Mantine hears the key in the dropdown only. */
import { type KeyboardEvent, useState } from 'react';

export function useHint() {
  const [opened, setOpened] = useState(false);
  return {
    popover: { opened, onChange: setOpened },
    button: {
      'aria-expanded': opened,
      'data-mantine-stop-propagation': opened,
      onClick: () => setOpened(!opened),
      onKeyDown: ({ key }: KeyboardEvent) => key === 'Escape' && setOpened(false),
    },
  };
}
