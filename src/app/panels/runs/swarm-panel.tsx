/** One run from many starts, as a map: set up, computed with a bar and an end to it, and a click goes there. */
import { Button, Group, Modal, NativeSelect, Progress, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { SwarmAxisJson, SwarmJson } from '../../../core/experiment/experiment.ts';
import { entryNames } from '../../../core/problem/entry-names.ts';
import { startOf } from '../../../core/problem/problem.ts';
import { NumberField } from '../../components/number-field.tsx';
import { shortNumber } from '../../number-text.ts';
import { mapSetting } from '../../store/map-point.ts';
import { runNames } from '../../store/run-name.ts';
import type { SwarmPicture } from '../../store/swarm-slice.ts';
import { type SweepAxis, sweepAxes } from '../../store/sweep.ts';
import { useCatalog, useStore } from '../../store/use-store.ts';
import { type Shown, SwarmMapPicture } from './swarm-picture.tsx';

interface SwarmPanelProps {
  readonly isOpen: boolean;
  onClose(): void;
}

const SHOWN: readonly { readonly value: Shown; readonly label: string }[] = [
  { value: 'basin', label: 'Where it ends' },
  { value: 'steps', label: 'How long it takes' },
  { value: 'loss', label: 'Final loss' },
  { value: 'violation', label: 'Final violation' },
  { value: 'histogram', label: 'Histogram' },
];

const RESOLUTIONS = ['40', '100', '200', '400'];

/** Settings that an axis can go over, as the experiment names them. */
const settingAxis = ({ owner, name }: SweepAxis): string => `${owner === 'method' ? 'setting' : 'optimizer'}:${name}`;

function useChoices(run: number) {
  const study = useStore((store) => store.study);
  const runs = useStore((store) => store.experiment.runs);
  const catalog = useCatalog();
  return useMemo(() => {
    const entries = study ? entryNames(study.problem).slice(0, 60) : [];
    const start = study ? startOf(study.problem) : new Float64Array();
    const chosen = runs?.[run];
    const settings = chosen ? sweepAxes(chosen, catalog).filter(({ isWhole }) => !isWhole) : [];
    const around = new Map<string, SwarmAxisJson>();
    entries.forEach((axis, i) => {
      const reach = 1 + Math.abs(start[i] ?? 0);
      const end = (sign: number) => Number(((start[i] ?? 0) + sign * 2 * reach).toPrecision(3));
      around.set(axis, { axis, from: end(-1), to: end(1) });
    });
    for (const setting of settings) {
      const axis = settingAxis(setting);
      const middle = setting.default > 0 ? setting.default : 0.1;
      const [least, greatest] = setting.range;
      around.set(
        axis,
        setting.scale === 'log'
          ? { axis, from: Math.max(least, middle / 100), to: Math.min(greatest, middle * 100), scale: 'log' }
          : { axis, from: least, to: Math.min(greatest, Math.max(1, 2 * middle)) },
      );
    }
    const data = [
      ...entries.map((value) => ({ value, label: `start ${value}` })),
      ...settings.map((setting) => ({ value: settingAxis(setting), label: setting.title.toLowerCase() })),
    ];
    const offered = new Set([...(study ? entryNames(study.problem) : []), ...around.keys()]);
    return { data, around, offered };
  }, [study, runs, run, catalog]);
}

const counted = (count: number): string => count.toLocaleString('en');

function Outcome({ picture }: { readonly picture: SwarmPicture }) {
  const { outcome } = picture.columns;
  const counts = [0, 0, 0, 0];
  for (let k = 0; k < picture.done; k++) counts[outcome[k] ?? 0] = (counts[outcome[k] ?? 0] ?? 0) + 1;
  const [undecided = 0, arrived = 0, diverged = 0, broken = 0] = counts;
  const isCut = picture.end !== null && picture.done < picture.sampling.count;
  const ofSettings = picture.sampling.axes.some((axis) => mapSetting(axis) !== null);
  const places =
    arrived === 0 ? '' : `, at ${picture.optima.length} ${picture.optima.length === 1 ? 'point' : 'points'}`;
  const parts = [
    `${counted(arrived)} of ${counted(picture.done)} ${ofSettings ? 'runs' : 'starts'} arrive${places}`,
    ...(undecided > 0 ? [`${counted(undecided)} are not there yet`] : []),
    ...(diverged > 0 ? [`${counted(diverged)} diverge`] : []),
    ...(broken > 0 ? [`${counted(broken)} become no number`] : []),
    ...(isCut ? [`${counted(picture.sampling.count - picture.done)} are not computed`] : []),
  ];
  return (
    <Text size="sm" role="status">
      {parts.join('; ')}.
    </Text>
  );
}

function Contents() {
  const given = useStore((store) => store.experiment.swarm) as SwarmJson | undefined;
  const runs = useStore((store) => store.experiment.runs);
  const catalog = useCatalog();
  const picture = useStore((store) => store.swarmPicture);
  const phase = useStore((store) => store.swarmPhase);
  const setSwarm = useStore((store) => store.setSwarm);
  const runSwarm = useStore((store) => store.runSwarm);
  const stopSwarm = useStore((store) => store.stopSwarm);
  const [shown, setShown] = useState<Shown>('basin');
  const [fault, setFault] = useState('');
  const selectedRun = useStore((store) => store.selectedRun);
  const run = runs?.[given?.run ?? -1] ? (given?.run ?? 0) : selectedRun;
  const { data, around, offered } = useChoices(run);
  const kept = ([0, 1] as const).map((k) => {
    const axis = given?.over?.[k];
    return axis && offered.has(axis.axis) ? axis : null; // another problem may have no such entry, another run no such setting
  });
  const free = data.filter(({ value }) => !kept.some((axis) => axis?.axis === value));
  const axes = kept.map((axis) => axis ?? around.get(free.shift()?.value ?? ''));
  const resolution = Array.isArray(given?.size) ? String(given.size[0]) : '100';
  const change = (patch: Partial<SwarmJson>) => {
    const over = axes.flatMap((axis) => axis ?? []);
    const side = Number(resolution);
    setSwarm({ sample: 'grid', size: [side, side], ...given, run, over, ...patch });
  };
  const changeAxis = (k: 0 | 1, axis: SwarmAxisJson | undefined) => {
    if (axis) change({ over: axes.flatMap((other, i) => (i === k ? axis : (other ?? []))) });
  };
  const compute = async () => {
    setFault('');
    change({});
    const made = await runSwarm();
    if (!made.ok) setFault(made.diagnostics.map(({ message }) => message).join(' '));
  };
  if (!runs || runs.length === 0) return <Text size="sm">A map needs a run. Add one first.</Text>;
  if (data.length < 2)
    return <Text size="sm">A map needs two axes: two parameters, or a setting that is a number.</Text>;
  const isBusy = phase !== 'idle';
  const share = picture ? (100 * picture.done) / picture.sampling.count : 0;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        The same run from every start of a grid, or with every pair of settings. A click on the map adds the run of that
        point to the others; with Shift it moves the start there.
      </Text>
      <Group gap="xs" align="flex-end">
        <NativeSelect
          label="Run"
          size="xs"
          value={String(run)}
          data={runNames(runs, catalog).map((label, i) => ({ value: String(i), label }))}
          onChange={(event) => change({ run: Number(event.currentTarget.value) })}
        />
        <NativeSelect
          label="Cells"
          size="xs"
          value={resolution}
          data={[...new Set([...RESOLUTIONS, resolution])].map((side) => ({ value: side, label: `${side} × ${side}` }))}
          onChange={(event) => change({ size: [Number(event.currentTarget.value), Number(event.currentTarget.value)] })}
        />
        <NativeSelect
          label="Show"
          size="xs"
          value={shown}
          data={[...SHOWN]}
          onChange={(event) => setShown(event.currentTarget.value as Shown)}
        />
        {isBusy ? (
          <Button size="xs" variant="default" onClick={stopSwarm}>
            Cancel
          </Button>
        ) : (
          <Button size="xs" onClick={() => void compute()}>
            Compute the map
          </Button>
        )}
      </Group>
      <Group gap="6px 20px">
        {([0, 1] as const).map((k) => {
          const axis = axes[k];
          return (
            <Group key={k} gap="xs" align="flex-end" wrap="nowrap" flex="1 1 340px">
              <NativeSelect
                label={k === 0 ? 'Across' : 'Up'}
                size="xs"
                value={axis?.axis ?? ''}
                data={data}
                flex="1 1 120px"
                miw={0}
                onChange={(event) => changeAxis(k, around.get(event.currentTarget.value))}
              />
              {axis &&
                (['from', 'to'] as const).map((end) => (
                  <NumberField
                    key={end}
                    label={end}
                    size="xs"
                    w={80}
                    value={axis[end]}
                    range={[axis.scale === 'log' ? 1e-12 : -1e9, 1e9]}
                    step={(value, direction) => value + direction * Math.max(0.1, Math.abs(value) / 10)}
                    onCommit={(value) => changeAxis(k, { ...axis, [end]: value })}
                  />
                ))}
            </Group>
          );
        })}
      </Group>
      {isBusy && (
        <div>
          <Progress value={share} aria-label="Share of the starts that are computed" />
          <Text size="xs" c="dimmed">
            {picture?.msLeft == null ? 'Beginning' : `About ${shortNumber(Math.ceil(picture.msLeft / 1000), 2)} s left`}
          </Text>
        </div>
      )}
      {fault !== '' && (
        <Text size="sm" role="alert">
          {fault}
        </Text>
      )}
      {picture && (
        <>
          <SwarmMapPicture key={shown === 'histogram' ? 'histogram' : 'map'} picture={picture} shown={shown} />
          <Outcome picture={picture} />
        </>
      )}
    </Stack>
  );
}

/** Escape stops a map that is computed and leaves its part in sight; then it closes the dialog. */
export function SwarmPanel({ isOpen, onClose }: SwarmPanelProps) {
  const isBusy = useStore((store) => store.swarmPhase !== 'idle');
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      closeOnEscape={!isBusy}
      title="Map of starts or settings"
      size="52rem"
      closeButtonProps={{ 'aria-label': 'Close the map' }}
    >
      <Contents />
    </Modal>
  );
}
