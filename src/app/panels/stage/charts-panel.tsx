/** Numbers of the runs against the step, with a cursor at the playhead. Every number was computed by the run. */
import { Button, Center, Checkbox, Popover, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { FigureFault } from '../../components/plot/figure-fault.tsx';
import { chartOf, charts, chartsFor, DEFAULT_CHARTS } from '../../figures/charts.ts';
import type { Scene } from '../../figures/scene.ts';
import type { Playback } from '../../playback/playback.ts';
import { ChartCard } from './chart-card.tsx';
import classes from './charts-panel.module.css';

export interface ChartsPanelProps {
  /** Null while there is no problem or no run. */
  readonly scene: Scene | null;
  readonly playback: Playback;
  /** Ids of the shown charts; those that no run has numbers for are left out. */
  readonly shown?: readonly string[] | undefined;
  readonly onShown: (charts: readonly string[]) => void;
}

const NOISE =
  'The steps of these runs are drawn at random, so their curves scatter. Another seed gives another run; the same seed gives the same.';

export function ChartsPanel({ scene, playback, shown = DEFAULT_CHARTS, onShown }: ChartsPanelProps) {
  const hasRecords = scene?.runs.some(({ visible, steps }) => visible && steps.length > 0) ?? false;
  const possible = useMemo(
    () => (scene && hasRecords ? chartsFor(scene).map(({ id }) => id) : []),
    [scene, hasRecords],
  );
  const noisy = scene?.runs.filter(({ visible, isNoisy }) => visible && isNoisy) ?? [];
  const drawn = charts.filter(({ id }) => shown.includes(id) && possible.includes(id));
  return (
    <section className={classes.panel} aria-label="Charts">
      {scene !== null && hasRecords ? (
        <ErrorBoundary FallbackComponent={FigureFault} resetKeys={[scene]}>
          <div className={classes.bar}>
            {noisy.length > 0 && (
              <Text size="xs" c="dimmed" className={classes.noise ?? ''} title={NOISE}>
                {noisy.map(({ label }) => label).join(', ')}: noisy steps, drawn at random
              </Text>
            )}
            <ChartPicker scene={scene} possible={possible} shown={shown} onShown={onShown} />
          </div>
          {drawn.length === 0 && (
            <Center flex={1}>
              <Text size="sm" c="dimmed">
                No chart is chosen.
              </Text>
            </Center>
          )}
          <div className={classes.grid}>
            {drawn.map((chart) => (
              <ChartCard key={chart.id} chart={chart} scene={scene} playback={playback} />
            ))}
          </div>
        </ErrorBoundary>
      ) : (
        <Center h="100%">
          <Text size="sm" c="dimmed">
            Run a method to plot loss and violation by step.
          </Text>
        </Center>
      )}
    </section>
  );
}

interface ChartPickerProps {
  readonly scene: Scene;
  readonly possible: readonly string[];
  readonly shown: readonly string[];
  readonly onShown: (charts: readonly string[]) => void;
}

function ChartPicker({ scene, possible, shown, onShown }: ChartPickerProps) {
  const toggle = (id: string) => onShown(shown.includes(id) ? shown.filter((other) => other !== id) : [...shown, id]);
  return (
    <Popover position="top-end" shadow="md" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="compact-sm" variant="subtle" color="gray">
          Charts…
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Which charts">
        <Stack gap="xs">
          {possible.map((id) => (
            <Checkbox
              key={id}
              size="sm"
              label={chartOf(id)?.title(scene)}
              checked={shown.includes(id)}
              onChange={() => toggle(id)}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
