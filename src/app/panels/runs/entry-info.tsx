/** What a method or an optimizer does, as a formula, with its source. */
import { ActionIcon, Popover, Stack, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Entry } from '../../../core/contracts.ts';
import { InfoIcon } from '../../components/icons.tsx';
import { useHint } from '../../components/use-hint.ts';
import classes from './run-card.module.css';

/** Loaded when a formula is first looked at. */
const Formula = lazy(() => import('../../components/formula.tsx'));

export function EntryInfo({
  entry: { title, summary, source },
  formula,
}: {
  readonly entry: Entry;
  readonly formula?: string;
}) {
  const { popover, button } = useHint();
  return (
    <Popover {...popover} width={420} position="left-start">
      <Popover.Target>
        <ActionIcon color="gray" aria-label={`About ${title}`} {...button}>
          <InfoIcon />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text fw={600} size="sm">
            {title}
          </Text>
          <Text size="sm">{summary}</Text>
          {formula !== undefined && (
            <div className={classes.formula}>
              <Suspense fallback={null}>
                <Formula latex={formula} isDisplay />
              </Suspense>
            </div>
          )}
          <Text size="xs" c="dimmed">
            {source}
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
