/** The optimum as one number of the text moves: f*, x* and the multipliers against it, drawn while they are found. */
import { Button, Group, Modal, NativeSelect, Progress, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import { type Spacing, type TradeOff, tradeOffOf } from '../../../../core/experiment/trade-off/trade-off.ts';
import { numberAt, type WrittenNumber, withNumber } from '../../../../core/language/number-at.ts';
import { NumberField } from '../../../components/number-field.tsx';
import { NumberTable, titled } from '../../../components/number-table.tsx';
import { readNumber } from '../../../components/table-rows.ts';
import { useSteady } from '../../../components/use-steady.ts';
import { shortNumber } from '../../../number-text.ts';
import { useStoreApi } from '../../../store/use-store.ts';
import { TradeOffCard, type TradeOffCardProps } from './trade-off-card.tsx';
import classes from './trade-off-dialog.module.css';
import { type Range, useTradeOff } from './use-trade-off.ts';

interface TradeOffDialogProps {
  /** A position in the number. */
  readonly position: number;
  readonly isOpen: boolean;
  onClose(): void;
  /** A value was chosen: the text with it, and a position in the number there. */
  onChosen(text: string, position: number): void;
}

const MOST_VALUES = 201;
/** On its side of 0, twice as far; exponents and counts by whole steps. */
function rangeAround({ value, isExponent }: WrittenNumber): Range {
  const isCount = isExponent && Number.isInteger(value);
  if (isCount) return { from: Math.max(1, value - 2), to: value + 2, count: 5, spacing: 'linear' };
  if (value === 0) return { from: -1, to: 1, count: 41, spacing: 'linear' };
  const far = Number((2 * value).toPrecision(12));
  return { from: Math.min(0, far), to: Math.max(0, far), count: 41, spacing: 'linear' };
}

function Contents({ position, onChosen }: Pick<TradeOffDialogProps, 'position' | 'onChosen'>) {
  const store = useStoreApi();
  const [text] = useState(() => store.getState().experiment.problem); // the dialog covers the editor
  const number = useMemo(() => numberAt(text, position), [text, position]);
  return number && <Drawn text={text} number={number} onChosen={onChosen} />;
}

interface DrawnProps {
  readonly text: string;
  readonly number: WrittenNumber;
  readonly onChosen: (text: string, position: number) => void;
}

function Drawn({ text, number, onChosen }: DrawnProps) {
  const theme = useComputedColorScheme('light');
  const [range, setRange] = useState(() => rangeAround(number));
  const [isLeft, setLeft] = useState(false);
  const { points, wanted } = useTradeOff(text, number, range, isLeft);
  const tradeOff = useMemo(() => tradeOffOf(points), [points]);
  const [chosen, setChosen] = useState(number.value);
  const [isTableOpen, setTableOpen] = useState(false);
  const change = (patch: Partial<Range>) => {
    setLeft(false);
    setRange({ ...range, ...patch });
  };
  const step = (value: number, direction: number) => value + direction * Math.max(Math.abs(value) / 10, 0.1);
  const isBusy = !isLeft && points.length < wanted;
  const isMaximized = points.some(({ found }) => found.sense === 'maximize');
  const toggleTable = useSteady(() => setTableOpen((isOpen) => !isOpen));
  const cards: readonly Omit<TradeOffCardProps, 'shared'>[] = [
    {
      title: isMaximized ? 'Greatest objective' : 'Least loss',
      explanation:
        'The best value that a feasible point can have, with the number at each of these values: a trade-off curve. Where the number is one side of a constraint, as c in a(x) = c or a(x) ≤ c, the slope of this curve is the multiplier of the constraint, up to its sign: the price of one more unit of c.',
      curves: [tradeOff.loss],
    },
    {
      title: 'Optimal parameters',
      explanation:
        'Where the optimum lies. Under a penalty like λ·sum(abs(w)) this is the regularisation path: entries reach 0 one by one. A jump says that the best of several minima changes, or that many points are as good.',
      curves: tradeOff.entries,
    },
    {
      title: 'Multipliers at the optimum',
      explanation:
        'How hard each constraint pushes at the optimum. One that is 0 is not felt there: moving it changes nothing. Where a curve leaves 0, its constraint becomes active.',
      curves: tradeOff.multipliers,
    },
  ];
  const shared = {
    across: tradeOff.values,
    current: number.value,
    number: nameOf(text, number),
    isByRatios: range.spacing === 'log' && range.from * range.to > 0,
    theme,
    onTable: toggleTable,
    onPick: setChosen,
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        The problem is solved anew with {shortNumber(number.value)} of line {lineOf(text, number)} replaced by each
        value of a range. No run takes part: these are the optima themselves.
      </Text>
      <Group gap="xs" align="flex-end">
        {(['from', 'to'] as const).map((end) => (
          <NumberField
            key={end}
            label={end === 'from' ? 'From' : 'To'}
            size="xs"
            w={96}
            value={range[end]}
            range={[-1e12, 1e12]}
            step={step}
            onCommit={(value) => change({ [end]: value })}
          />
        ))}
        <NumberField
          label="Values"
          size="xs"
          w={72}
          value={range.count}
          range={[2, MOST_VALUES]}
          isWhole
          step={(value, direction) => value + direction}
          onCommit={(count) => change({ count })}
        />
        <NativeSelect
          label="Spacing"
          size="xs"
          value={range.spacing}
          data={[
            { value: 'linear', label: 'Even' },
            { value: 'log', label: 'Ratios', disabled: range.from * range.to <= 0 },
          ]}
          onChange={(event) => change({ spacing: event.currentTarget.value as Spacing })}
        />
        {isBusy ? (
          <Button size="xs" variant="default" onClick={() => setLeft(true)}>
            Cancel
          </Button>
        ) : (
          isLeft && (
            <Button size="xs" variant="default" onClick={() => setLeft(false)}>
              Go on
            </Button>
          )
        )}
      </Group>
      <Progress
        value={wanted > 0 ? (100 * points.length) / wanted : 0}
        size={4}
        aria-label="Share of the optima that are found"
        style={{ visibility: isBusy ? undefined : 'hidden' }}
      />
      <div className={classes.figures}>
        {cards
          .filter(({ curves }) => curves.length > 0)
          .map((card) => (
            <TradeOffCard key={card.title} {...card} shared={shared} />
          ))}
      </div>
      <Gaps {...tradeOff} isBusy={isBusy} />
      <Group gap="xs" align="flex-end">
        <NumberField
          label="This value"
          description="Typed, or a point that is clicked"
          size="xs"
          w={170}
          value={chosen}
          range={[-1e12, 1e12]}
          step={step}
          onCommit={setChosen}
        />
        <Button
          size="xs"
          disabled={chosen === number.value}
          onClick={() => {
            const changed = withNumber(text, number, chosen);
            onChosen(changed.text, changed.position);
          }}
        >
          Write it into the text
        </Button>
        <Button size="xs" variant="default" aria-expanded={isTableOpen} onClick={toggleTable}>
          {isTableOpen ? 'Hide the numbers' : 'All numbers'}
        </Button>
      </Group>
      {isTableOpen && <Numbers {...tradeOff} />}
    </Stack>
  );
}

/** Of a line like `let b = 1` its name; else where it stands. */
function nameOf(text: string, { span: [from, to] }: WrittenNumber): string {
  const [before, after] = [text.slice(text.lastIndexOf('\n', from - 1) + 1, from), text.slice(to)];
  const name = /^\s*let\s+([\p{L}_][\p{L}\p{N}_]*)\s*=\s*$/u.exec(before)?.[1];
  return name && /^[ \t]*(#.*)?(\n|$)/.test(after) ? name : `the number in line ${lineOf(text, { span: [from, to] })}`;
}

const lineOf = (text: string, { span }: Pick<WrittenNumber, 'span'>): number =>
  text.slice(0, span[0]).split('\n').length;

/** Where there is no optimum, and why; of many such ranges the first. */
function Gaps({ gaps, values, isBusy }: TradeOff & { readonly isBusy: boolean }) {
  const said = gaps.slice(0, 3).map(({ from, to, why }) => {
    const place = from === to ? `At ${shortNumber(from)}` : `From ${shortNumber(from)} to ${shortNumber(to)}`;
    return `${place}: ${why.replace(/\.$/, '')}.`;
  });
  if (said.length === 0 || (isBusy && values.length < 3)) return null;
  return (
    <Text size="sm" role="status">
      {said.join(' ')}
      {gaps.length > said.length && ` ${gaps.length - said.length} more places have none.`}
    </Text>
  );
}

function Numbers({ values, loss, entries, multipliers }: TradeOff) {
  const columns = [
    loss,
    ...entries,
    ...multipliers.map(({ name, values: own }) => ({ name: `λ of ${name}`, values: own })),
  ];
  return (
    <NumberTable
      columns={[titled('number'), ...columns.map(({ name }, i) => ({ key: String(i), title: name }))]}
      rows={values.map((value, k) => ({
        key: value,
        cells: [readNumber(value), ...columns.map((column) => readNumber(column.values[k]))],
      }))}
    />
  );
}

export function TradeOffDialog({ isOpen, onClose, ...rest }: TradeOffDialogProps) {
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      size="60rem"
      title="Trade-off curve"
      closeButtonProps={{ 'aria-label': 'Close the trade-off curve' }}
    >
      <Contents {...rest} />
    </Modal>
  );
}
