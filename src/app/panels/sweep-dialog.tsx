/** Makes several runs of one: the same setting at several values. */
import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { RunJson } from '../../core/experiment/experiment.ts';
import { MAX_RUNS } from '../../core/experiment/limits.ts';
import { NumberField } from '../components/number-field.tsx';
import { shortNumber } from '../number-text.ts';
import { type SweepAxis, sweepAxes, sweepRuns, sweepValues } from '../store/sweep.ts';
import { useCatalog, useStore } from '../store/use-store.ts';

interface SweepDialogProps {
  readonly run: RunJson;
  readonly index: number;
  readonly isOpen: boolean;
  onClose(): void;
}

const key = ({ owner, name }: SweepAxis): string => `${owner}.${name}`;

/** Around the value that holds now: a tenth to ten times it, or in whole steps. */
function around({ scale, range, isWhole, default: preset }: SweepAxis, given: unknown): readonly [number, number] {
  const middle = typeof given === 'number' ? given : preset;
  const [least, greatest] = range;
  const inside = (value: number) => Math.min(greatest, Math.max(least, value));
  if (isWhole && middle === 0) return [inside(0), inside(4)];
  if (isWhole) return [inside(Math.max(1, Math.floor(middle / 2))), inside(middle * 4)];
  return scale === 'log' && middle > 0
    ? [inside(Number((middle / 10).toPrecision(3))), inside(middle * 10)]
    : [inside(0), inside(middle > 0 ? 2 * middle : Math.min(1, greatest))];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function Contents({ run, index, onClose }: Omit<SweepDialogProps, 'isOpen'>) {
  const catalog = useCatalog();
  const count = useStore(({ experiment }) => experiment.runs?.length ?? 0);
  const replaceRun = useStore((store) => store.replaceRun);
  const axes = sweepAxes(run, catalog);
  const [chosen, setChosen] = useState<string | null>(null);
  const [own, setOwn] = useState<Range | null>(null);
  const [wanted, setWanted] = useState(5);
  const axis = axes.find((one) => key(one) === chosen) ?? axes[0];
  if (!axis) return <Text size="sm">This run has no setting that is a number.</Text>;
  const given = (axis.owner === 'method' ? run.settings : run.optimizer)?.[axis.name];
  const [from, to] = own ? [own.from, own.to] : around(axis, given);
  const most = MAX_RUNS - count + 1;
  const values = sweepValues(axis, from, to, Math.min(wanted, most), axis.scale);
  const apply = () => {
    replaceRun(index, sweepRuns(run, axis, values));
    onClose();
  };
  const step = (value: number, direction: number) => value + direction * Math.max(Math.abs(value) / 10, 1e-6);
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Setting"
        value={key(axis)}
        data={axes.map((one) => ({ value: key(one), label: one.title }))}
        onChange={(event) => {
          setChosen(event.currentTarget.value);
          setOwn(null);
        }}
      />
      <Group grow gap="xs">
        <NumberField
          label="From"
          value={from}
          range={axis.range}
          step={step}
          onCommit={(value) => setOwn({ from: value, to })}
        />
        <NumberField
          label="To"
          value={to}
          range={axis.range}
          step={step}
          onCommit={(value) => setOwn({ from, to: value })}
        />
        <NumberField
          label="Runs"
          value={wanted}
          range={[2, most]}
          isWhole
          step={(value, direction) => value + direction}
          onCommit={setWanted}
        />
      </Group>
      <Text size="xs" c="dimmed">
        {axis.title}: {values.map((value) => shortNumber(value, 3)).join(', ')}
        {axis.scale === 'log' && ' (by equal ratios)'}
      </Text>
      <Group justify="flex-end">
        <Button size="xs" onClick={apply} disabled={values.length < 2}>
          Make {values.length} runs
        </Button>
      </Group>
    </Stack>
  );
}

export function SweepDialog({ isOpen, onClose, ...rest }: SweepDialogProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Sweep a setting"
      closeButtonProps={{ 'aria-label': 'Close the sweep' }}
    >
      <Contents {...rest} onClose={onClose} />
    </Modal>
  );
}
