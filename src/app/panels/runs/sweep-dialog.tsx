/** Makes several runs of one: the same setting at several values. */
import { Button, Checkbox, Group, Modal, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { RunJson } from '../../../core/experiment/experiment.ts';
import { MAX_RUNS } from '../../../core/experiment/limits.ts';
import { NumberField } from '../../components/number-field.tsx';
import { fieldNumber } from '../../number-text.ts';
import {
  type ChoiceAxis,
  choiceAxes,
  readValues,
  type SweepAxis,
  sweepAxes,
  sweepRuns,
  sweepValues,
} from '../../store/sweep.ts';
import { useCatalog, useStore } from '../../store/use-store.ts';

interface SweepDialogProps {
  readonly run: RunJson;
  readonly index: number;
  readonly isOpen: boolean;
  onClose(): void;
}

const key = ({ owner, name }: Pick<SweepAxis, 'owner' | 'name'>): string => `${owner}.${name}`;

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

type Scale = SweepAxis['scale'];

interface Range {
  readonly from: number;
  readonly to: number;
  readonly scale: Scale;
}

interface FormProps<Axis> {
  readonly axis: Axis;
  readonly run: RunJson;
  /** How many runs there is room for. */
  readonly most: number;
  onMake(values: readonly (number | string | boolean)[]): void;
}

function Make({ count, onMake }: { readonly count: number; onMake(): void }) {
  return (
    <Group justify="flex-end">
      <Button size="xs" onClick={onMake} disabled={count < 2}>
        {count < 2 ? 'Make runs' : `Make ${count} runs`}
      </Button>
    </Group>
  );
}

/** Values of a range, by equal ratios or steps; or any list, as it is typed. */
function NumberForm({ axis, run, most, onMake }: FormProps<SweepAxis>) {
  const given = (axis.owner === 'method' ? run.settings : run.optimizer)?.[axis.name];
  const [first, last] = around(axis, given);
  const [own, setOwn] = useState<Range | null>(null);
  const [wanted, setWanted] = useState(5);
  const [list, setList] = useState<string | null>(null);
  const { from, to, scale } = own ?? { from: first, to: last, scale: axis.scale };
  const spread = sweepValues(axis, from, to, Math.min(wanted, most), scale);
  const text = list ?? spread.map((value) => fieldNumber(value)).join(', ');
  const { values, fault } = readValues(axis, text, most);
  const choose = (change: Partial<Range>) => {
    setOwn({ from, to, scale, ...change });
    setList(null);
  };
  const step = (value: number, direction: number) => value + direction * Math.max(Math.abs(value) / 10, 1e-6);
  return (
    <>
      <Group grow gap="xs" align="flex-start">
        <NumberField
          label="From"
          value={from}
          range={axis.range}
          step={step}
          onCommit={(value) => choose({ from: value })}
        />
        <NumberField label="To" value={to} range={axis.range} step={step} onCommit={(value) => choose({ to: value })} />
        <NumberField
          label="Runs"
          value={wanted}
          range={[2, most]}
          isWhole
          step={(value, direction) => value + direction}
          onCommit={(value) => {
            setWanted(value);
            setList(null);
          }}
        />
        <NativeSelect
          label="Spacing"
          size="xs"
          rightSectionWidth={20}
          value={scale}
          data={[
            { value: 'log', label: 'Ratios', disabled: from <= 0 || to <= 0 },
            { value: 'linear', label: 'Even' },
          ]}
          onChange={(event) => choose({ scale: event.currentTarget.value as Scale })}
        />
      </Group>
      <TextInput
        label="Values"
        description="One run each. Type a list of your own, if you like."
        value={text}
        error={fault}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setList(event.currentTarget.value)}
      />
      <Make count={fault === null ? values.length : 0} onMake={() => onMake(values)} />
    </>
  );
}

const optionTitle = (option: string | boolean): string => (typeof option === 'string' ? option : option ? 'on' : 'off');

function ChoiceForm({ axis: { title, options }, most, onMake }: FormProps<ChoiceAxis>) {
  const [left, setLeft] = useState<readonly (string | boolean)[]>([]);
  const values = options.filter((option) => !left.includes(option)).slice(0, most);
  const turn = (option: string | boolean) =>
    setLeft(left.includes(option) ? left.filter((other) => other !== option) : [...left, option]);
  return (
    <>
      <Group gap="md" role="group" aria-label={title}>
        {options.map((option) => (
          <Checkbox
            key={String(option)}
            size="xs"
            label={optionTitle(option)}
            checked={values.includes(option)}
            onChange={() => turn(option)}
          />
        ))}
      </Group>
      <Make count={values.length} onMake={() => onMake(values)} />
    </>
  );
}

function Contents({ run, index, onClose }: Omit<SweepDialogProps, 'isOpen'>) {
  const catalog = useCatalog();
  const count = useStore(({ experiment }) => experiment.runs?.length ?? 0);
  const replaceRun = useStore((store) => store.replaceRun);
  const [chosen, setChosen] = useState<string | null>(null);
  const [numbers, choices] = [sweepAxes(run, catalog), choiceAxes(run, catalog)];
  const axes = [...numbers, ...choices];
  const axis = axes.find((one) => key(one) === chosen) ?? axes[0];
  if (!axis) return <Text size="sm">This run has no setting.</Text>;
  const most = MAX_RUNS - count + 1;
  const onMake: FormProps<typeof axis>['onMake'] = (values) => {
    replaceRun(index, sweepRuns(run, axis, values));
    onClose();
  };
  const form = { run, most, onMake };
  return (
    <Stack gap="sm">
      <NativeSelect
        label="Setting"
        value={key(axis)}
        data={axes.map((one) => ({ value: key(one), label: one.title }))}
        onChange={(event) => setChosen(event.currentTarget.value)}
      />
      {'options' in axis ? (
        <ChoiceForm key={key(axis)} axis={axis} {...form} />
      ) : (
        <NumberForm key={key(axis)} axis={axis} {...form} />
      )}
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
