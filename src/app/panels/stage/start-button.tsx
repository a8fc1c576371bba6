/** Where all runs start, as numbers: beside the picture, so that it follows each of them. */
import { Button, Group, Popover, ScrollArea, Stack, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { memo, useMemo, useRef } from 'react';
import { DEFAULT_SEED } from '../../../core/experiment/defaults.ts';
import { type Parameter, startEntries } from '../../../core/problem/problem.ts';
import { NumberField } from '../../components/number-field.tsx';
import { useNewest } from '../../components/use-newest.ts';
import { fieldNumber } from '../../number-text.ts';
import { drawsAtRandom } from '../../store/start-edit.ts';
import { useStore } from '../../store/use-store.ts';
import classes from './start-button.module.css';

interface StartButtonProps {
  /** Resolves once the runs from there are shown. */
  readonly onStart: (start: readonly number[], digits: number) => Promise<void>;
  /** Given: the picture can take a click. */
  readonly onPlacing?: (isPlacing: boolean) => void;
}

/** Beyond it, the text is the better place: a parameter of more entries gets no fields. */
const MOST_FIELDS = 64;
/** All digits that a number has. */
const EXACTLY = 17;

export const StartButton = memo(function StartButton({ onStart, onPlacing }: StartButtonProps) {
  const [isOpen, { toggle, close }] = useDisclosure();
  const place = () => {
    close();
    onPlacing?.(true);
  };
  return (
    <Popover opened={isOpen} onChange={(open) => !open && close()} position="bottom-end" withinPortal trapFocus>
      <Popover.Target>
        <Tooltip label="Numbers, or a click in the picture" disabled={isOpen}>
          <Button size="compact-sm" variant="subtle" color="gray" aria-expanded={isOpen} onClick={toggle}>
            Start…
          </Button>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown p="sm" maw="min(430px, calc(100vw - 24px))" aria-label="Start of the runs">
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            Where all runs start
          </Text>
          <StartOfAll onStart={onStart} />
          <Group gap="xs">
            {onPlacing && (
              <Button size="compact-sm" variant="default" onClick={place}>
                Place by a click
              </Button>
            )}
            <AnotherDraw />
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
});

function StartOfAll({ onStart }: Pick<StartButtonProps, 'onStart'>) {
  const problem = useStore((store) => store.picture?.study.problem);
  const start = useMemo(() => problem && startEntries(problem), [problem]);
  return start && <StartFields start={start} onStart={onStart} />;
}

interface StartFieldsProps extends Pick<StartButtonProps, 'onStart'> {
  /** x₀, all entries. */
  readonly start: readonly number[];
}

/** x₀ as fields. */
export function StartFields({ start, onStart }: StartFieldsProps) {
  const parameters = useStore((store) => store.picture?.study.problem.parameters);
  const computeNewest = useNewest((values: readonly number[]) => onStart(values, EXACTLY));
  /** What was asked for and has not arrived. */
  const pending = useRef({ of: start, values: start });
  if (pending.current.of !== start) pending.current = { of: start, values: start };
  const change = (entry: number, value: number) => {
    const values = pending.current.values.map((old, i) => (i === entry ? value : old));
    pending.current = { of: start, values };
    void computeNewest(values);
  };
  return (
    <ScrollArea.Autosize mah="min(340px, 50dvh)" type="auto" offsetScrollbars>
      <Stack gap="xs">
        {(parameters ?? []).map((parameter) =>
          parameter.start.length > MOST_FIELDS ? (
            <Text key={parameter.name} size="xs" c="dimmed">
              {parameter.name} has {parameter.start.length.toLocaleString('en')} entries: its start is in the text.
            </Text>
          ) : (
            <ParameterFields key={parameter.name} parameter={parameter} start={start} onChange={change} />
          ),
        )}
      </Stack>
    </ScrollArea.Autosize>
  );
}

interface ParameterFieldsProps {
  readonly parameter: Parameter;
  readonly start: readonly number[];
  readonly onChange: (entry: number, value: number) => void;
}

/** A scalar in one field, a vector in lines of fields, a matrix as it is written. */
function ParameterFields({
  parameter: { name, shape, offset, start: entries },
  start,
  onChange,
}: ParameterFieldsProps) {
  const columns = shape.length === 2 ? (shape[1] ?? 1) : Math.min(4, entries.length);
  const labels = entries.map((_, i) => `${name}${indices(i, shape)}`);
  const isScalar = shape.length === 0;
  return (
    <fieldset aria-label={name} className={classes.parameter}>
      <Text size="xs" className={classes.name ?? ''}>
        {name}
      </Text>
      <div className={classes.fields} style={{ gridTemplateColumns: `repeat(${columns}, minmax(4.25rem, 1fr))` }}>
        {labels.map((label, i) => (
          <NumberField
            key={label}
            aria-label={`Start of ${label}`}
            title={isScalar ? undefined : label}
            value={start[offset + i] ?? 0}
            given={shortened(start[offset + i] ?? 0)}
            range={[-1e9, 1e9]}
            step={beside}
            onCommit={(value) => onChange(offset + i, value)}
          />
        ))}
      </div>
    </fieldset>
  );
}

/** Of a number with more digits than a field shows, the first ones; what is not typed over stays as it is. */
const shortened = (value: number): string | undefined =>
  fieldNumber(value).length > 8 ? fieldNumber(Number(value.toPrecision(5))) : undefined;

/** [1, 2] of entry i, row-major. */
function indices(i: number, shape: readonly number[]): string {
  let rest = i;
  const found = shape.map((_, axis) => {
    const size = shape.slice(axis + 1).reduce((product, length) => product * length, 1);
    const index = Math.floor(rest / size);
    rest -= index * size;
    return index;
  });
  return found.length === 0 ? '' : `[${found.join(',')}]`;
}

/** One more or less in the second digit. */
function beside(value: number, direction: 1 | -1): number {
  const unit = 10 ** (Math.floor(Math.log10(Math.max(Math.abs(value), 1))) - 1);
  return Number((value + direction * unit).toPrecision(12));
}

/** Random starts are drawn anew. */
function AnotherDraw() {
  const isDrawn = useStore(({ experiment }) => drawsAtRandom(experiment.problem));
  const seed = useStore(({ experiment }) => experiment.seed ?? DEFAULT_SEED);
  const setSeed = useStore((store) => store.setSeed);
  if (!isDrawn) return null;
  return (
    <Button size="compact-sm" variant="default" onClick={() => setSeed(seed + 1)}>
      Draw again (seed {seed})
    </Button>
  );
}
