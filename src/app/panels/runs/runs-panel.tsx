/** The runs that are compared, and how to add one. */
import { Button, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { PlusIcon } from '../../components/icons.tsx';
import { onDemand } from '../../components/on-demand.tsx';
import { useHidden } from '../../store/hidden-parts.ts';
import { proposeRun } from '../../store/run-edits.ts';
import { runNames } from '../../store/run-name.ts';
import type { Store } from '../../store/store.ts';
import { useCatalog, useStore } from '../../store/use-store.ts';
import cardClasses from './run-card.module.css';
import { RunCard } from './run-card.tsx';
import classes from './runs-panel.module.css';

const RunTable = onDemand(() => import('./run-table.tsx').then((module) => module.RunTable));
const SwarmPanel = onDemand(() => import('./swarm-panel.tsx').then((module) => module.SwarmPanel));

const none: readonly never[] = [];

function AddRun() {
  const runs = useStore((store) => store.experiment.runs) ?? none;
  const study = useStore((store) => store.study);
  const addRun = useStore((store) => store.addRun);
  const selectRun = useStore((store) => store.selectRun);
  const catalog = useCatalog();
  const proposal = proposeRun(runs, study);
  const title = catalog.methods.find(({ id }) => id === proposal?.method)?.title;
  return (
    <div className={classes.add}>
      <Button
        fullWidth
        size="xs"
        variant="default"
        leftSection={<PlusIcon size={14} />}
        disabled={proposal === null}
        onClick={() => {
          addRun();
          selectRun(runs.length);
        }}
      >
        Add run
        {title !== undefined && <span className={classes.proposal}>{title}</span>}
      </Button>
    </div>
  );
}

/** How many starts a map has that came with the experiment and is not computed; in words. */
function waitingStarts({ experiment: { swarm, runs = none }, swarmPicture }: Store): string | null {
  if (swarm === undefined || swarmPicture !== null || runs.length === 0) return null;
  const { size } = swarm;
  return size === undefined ? 'many' : (typeof size === 'number' ? size : size[0] * size[1]).toLocaleString('en');
}

export function RunsPanel() {
  const runs = useStore((store) => store.experiment.runs) ?? none;
  const catalog = useCatalog();
  const names = runNames(runs, catalog);
  const hidesVerdict = useHidden('verdicts');
  const [isTableOpen, table] = useDisclosure();
  const [isMapOpen, map] = useDisclosure();
  const waiting = useStore(waitingStarts);
  return (
    <div className={classes.panel}>
      <Group justify="space-between" wrap="nowrap" pr={8}>
        <Text component="h2" className={classes.heading ?? ''}>
          Runs
        </Text>
        {runs.length > 0 && (
          <Group gap={2} wrap="nowrap">
            <Button size="compact-sm" variant="subtle" color="gray" data-command="map" onClick={map.open}>
              Map
            </Button>
            {!hidesVerdict && (
              <Button size="compact-sm" variant="subtle" color="gray" data-command="table" onClick={table.open}>
                Table
              </Button>
            )}
          </Group>
        )}
      </Group>
      {waiting !== null && (
        <Group gap={6} px={12} pb={8} role="note">
          <Text size="sm">A map of {waiting} starts waits until you ask for it.</Text>
          <Button size="compact-sm" variant="default" onClick={map.open}>
            Open the map
          </Button>
        </Group>
      )}
      <SwarmPanel isOpen={isMapOpen} onClose={map.close} />
      <RunTable isOpen={isTableOpen} onClose={table.close} />
      {runs.length === 0 && (
        <Text size="sm" c="dimmed" px={12} pb={8}>
          Nothing is computed yet. Add a run: the first method that fits is proposed.
        </Text>
      )}
      <ul className={cardClasses.list}>
        {runs.map((run, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: runs have no identity but their position
          <RunCard key={index} run={run} index={index} name={names[index] ?? ''} />
        ))}
      </ul>
      <AddRun />
    </div>
  );
}
