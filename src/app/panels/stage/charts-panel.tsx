/** Numbers of the runs against the step, with a cursor at the playhead. Every number was computed by the run. */
import { Button, Center, Menu, Text } from '@mantine/core';
import { memo, useMemo } from 'react';
import { ErrorBoundary } from 'react-error-boundary';
import { FigureFault } from '../../components/plot/figure-fault.tsx';
import { against, type Chart, chartsFor, chosenCharts, DEFAULT_CHARTS, upwards } from '../../figures/charts.ts';
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
  /** Where there is room for one: the first that is named, without the choice of others. */
  readonly isFirstOnly?: boolean;
}

const NOISE =
  'The steps of these runs are drawn at random, so their curves scatter. Another seed gives another run; the same seed gives the same.';

export const ChartsPanel = memo(function ChartsPanel({
  scene,
  playback,
  shown = DEFAULT_CHARTS,
  onShown,
  isFirstOnly = false,
}: ChartsPanelProps) {
  const hasRecords = scene?.runs.some(({ visible, steps }) => visible && steps.length > 0) ?? false;
  const possible = useMemo(() => (scene && hasRecords ? chartsFor(scene) : []), [scene, hasRecords]);
  const noisy = scene?.runs.filter(({ visible, isNoisy }) => visible && isNoisy) ?? [];
  const drawn = useMemo(
    () => chosenCharts(isFirstOnly ? shown.slice(0, 1) : shown, possible),
    [isFirstOnly, shown, possible],
  );
  return (
    <section className={classes.panel} aria-label={isFirstOnly ? 'Chart of the lesson' : 'Charts'}>
      {scene !== null && hasRecords ? (
        <ErrorBoundary FallbackComponent={FigureFault} resetKeys={[scene]}>
          <div className={classes.grid}>
            {!isFirstOnly && (
              <div className={classes.picker}>
                <ChartPicker scene={scene} possible={possible} shown={shown} onShown={onShown} />
              </div>
            )}
            {drawn.length === 0 && (
              <Center>
                <Text size="sm" c="dimmed">
                  No chart is chosen.
                </Text>
              </Center>
            )}
            {drawn.map((chart) => (
              <ChartCard
                key={upwards(chart.id)}
                chart={chart}
                scene={scene}
                playback={playback}
                onAcross={(across) => onShown(shown.map((id) => (id === chart.id ? against(id, across) : id)))}
              />
            ))}
          </div>
          {!isFirstOnly && noisy.length > 0 && (
            <Text size="xs" c="dimmed" className={classes.noise ?? ''} title={NOISE}>
              {noisy.map(({ label }) => label).join(', ')}: noisy steps, drawn at random
            </Text>
          )}
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
});

interface ChartPickerProps {
  readonly scene: Scene;
  readonly possible: readonly Chart[];
  readonly shown: readonly string[];
  readonly onShown: (charts: readonly string[]) => void;
}

function ChartPicker({ scene, possible, shown, onShown }: ChartPickerProps) {
  const isShown = (id: string) => shown.some((other) => upwards(other) === id);
  const toggle = (id: string) => onShown(isShown(id) ? shown.filter((other) => upwards(other) !== id) : [...shown, id]);
  return (
    <Menu position="top-end" shadow="md" withinPortal>
      <Menu.Target>
        <Button size="compact-sm" variant="subtle" color="gray">
          Charts…
        </Button>
      </Menu.Target>
      <Menu.Dropdown aria-label="Which charts">
        {possible.map(({ id, title }) => (
          <Menu.CheckboxItem key={id} checked={isShown(id)} onChange={() => toggle(id)}>
            {title(scene)}
          </Menu.CheckboxItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
