/** How the page looks, and what of it is shown: theme, size of text, parts hidden for a class, paper. */
import {
  ActionIcon,
  Button,
  Popover,
  SegmentedControl,
  Stack,
  Switch,
  Tooltip,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense } from 'react';
import { AutoIcon } from '../../components/icons.tsx';
import { useTextSize } from '../../components/text-size.ts';
import { usePrint } from '../print-sheet.tsx';

const HideParts = lazy(() => import('./hide-parts.tsx'));

export function DisplayMenu() {
  const [isOpen, { toggle, close }] = useDisclosure();
  return (
    <Popover opened={isOpen} onChange={(open) => !open && close()} position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <Tooltip label="Display: theme, text size, hidden parts, print" disabled={isOpen}>
          <ActionIcon color="gray" size="lg" aria-label="Display" aria-expanded={isOpen} onClick={toggle}>
            <AutoIcon />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="sm" w="min(310px, calc(100vw - 24px))" aria-label="Display">
        <Stack gap="sm">
          <Theme />
          <LargeText />
          <Suspense>
            <HideParts />
          </Suspense>
          <Print onPrint={close} />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      size="xs"
      fullWidth
      aria-label="Theme"
      value={colorScheme}
      data={[
        { value: 'auto', label: 'As the system' },
        { value: 'light', label: 'Light' },
        { value: 'dark', label: 'Dark' },
      ]}
      onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
    />
  );
}

function LargeText() {
  const [size, setSize] = useTextSize();
  return (
    <Switch
      size="sm"
      label="Larger text, for a projector"
      checked={size === 'large'}
      onChange={({ currentTarget: { checked } }) => setSize(checked ? 'large' : 'normal')}
    />
  );
}

function Print({ onPrint }: { readonly onPrint: () => void }) {
  const print = usePrint();
  return (
    <Button
      size="xs"
      variant="default"
      onClick={() => {
        onPrint();
        print();
      }}
    >
      Print: problem, picture, runs…
    </Button>
  );
}
