/** The constraints of the text one by one: used or left out, in which order, how heavy a soft one is. Everything is written into the text. */
import { ActionIcon, Group, Menu, Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import * as lines from '../../../core/language/constraint-lines.ts';
import type { ConstraintChip } from '../../components/editor/editor-chips.ts';
import { MoreIcon } from '../../components/icons.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { useStore, useStoreApi } from '../../store/use-store.ts';
import classes from './constraint-list.module.css';
import { ConstraintMenu } from './constraint-menu.tsx';
import { useConstraintChips } from './use-constraint-chips.ts';

/** How long a menu takes to close, and a little more. */
const FOCUS_RETURNS_MS = 200;

interface ConstraintListProps {
  readonly isOpenAtFirst: boolean;
}

/** The constraints of the last text that could be read. */
function useConstraintLines() {
  const text = useDeferredValue(useStore(({ experiment }) => experiment.problem));
  const found = useMemo(() => lines.constraintLines(text), [text]);
  const last = useRef<readonly lines.ConstraintLines[]>([]);
  const isOfAnother = useStore(({ study }) => study === null);
  if (found !== null || isOfAnother) last.current = found ?? [];
  return { entries: last.current, isReadable: found !== null };
}

export function ConstraintList({ isOpenAtFirst }: ConstraintListProps) {
  const { entries, isReadable } = useConstraintLines();
  const [isOpen, { toggle }] = useDisclosure(isOpenAtFirst);
  const id = useId();
  const hasAny = entries.length > 0;
  return (
    <section className={classes.constraints} aria-label="Constraints">
      <Group justify="space-between" wrap="nowrap" pr={8}>
        <UnstyledButton
          className={classes.heading}
          aria-expanded={isOpen && hasAny}
          aria-controls={id}
          disabled={!hasAny}
          onClick={toggle}
        >
          Constraints {hasAny && <span className={classes.count}>{`${entries.length} ${isOpen ? '▴' : '▾'}`}</span>}
        </UnstyledButton>
        <ConstraintMenu />
      </Group>
      <div id={id} hidden={!isOpen || !hasAny}>
        {isOpen && <Rows entries={entries} isReadable={isReadable} />}
      </div>
    </section>
  );
}

interface RowsProps {
  readonly entries: readonly lines.ConstraintLines[];
  readonly isReadable: boolean;
}

function Rows({ entries, isReadable }: RowsProps) {
  const store = useStoreApi();
  const chips = useConstraintChips();
  const [done, setDone] = useState('');
  const list = useRef<HTMLUListElement>(null);
  /** Of the text as it is now, where its line still says what is drawn; `thing` as in `editText`. */
  const editAt =
    (index: number): RowProps['edit'] =>
    (change, said, thing = null) => {
      const { experiment, editText } = store.getState();
      const now = lines.constraintLines(experiment.problem)?.[index];
      if (now?.text !== entries[index]?.text) return; // something else was typed since this was drawn
      editText(change(experiment.problem), thing);
      setDone(said);
    };
  /** After the menu has given back the focus to the place where it was opened. */
  const focusAt = (index: number) =>
    setTimeout(() => {
      const menus = list.current?.querySelectorAll<HTMLElement>('[aria-haspopup="menu"]') ?? [];
      menus[Math.min(index, menus.length - 1)]?.focus();
    }, FOCUS_RETURNS_MS);
  return (
    <>
      <ul ref={list} className={classes.list}>
        {entries.map((entry, index) => (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: a row keeps its field and its focus while its text changes
            key={index}
            entry={entry}
            index={index}
            count={entries.length}
            chips={chips.filter(({ line }) => line >= entry.line && line <= entry.last)}
            isReadable={isReadable}
            edit={editAt(index)}
            focusAt={focusAt}
          />
        ))}
      </ul>
      <VisuallyHidden role="status">{done}</VisuallyHidden>
    </>
  );
}

interface RowProps {
  readonly entry: lines.ConstraintLines;
  readonly index: number;
  readonly count: number;
  readonly chips: readonly ConstraintChip[];
  readonly isReadable: boolean;
  readonly edit: (change: (text: string) => string, said: string, thing?: string | null) => void;
  readonly focusAt: (index: number) => void;
}

function Row({ entry: { text: said, isOff, priority }, index, count, chips, isReadable, edit, focusAt }: RowProps) {
  const states = chips.map(({ state }) => state);
  const state = isOff ? 'off' : (states.find((each) => each === 'violated') ?? states[0] ?? 'unknown');
  const move = (by: 1 | -1) => {
    edit((text) => lines.moved(text, index, by), `Moved to place ${index + by + 1} of ${count}.`);
    focusAt(index + by);
  };
  return (
    <li className={classes.row} data-off={isOff || undefined}>
      <UnstyledButton
        className={classes.toggle}
        role="switch"
        aria-checked={!isOff}
        aria-label={`Use ${said}`}
        title={isOff ? 'Take it back' : 'Leave it out'}
        disabled={!isReadable}
        onClick={() => edit((text) => lines.toggled(text, index), isOff ? 'Taken back.' : 'Left out.')}
      >
        <span className={classes.dot} data-state={state} />
      </UnstyledButton>
      <div className={classes.said}>
        <Text size="xs" ff="monospace" truncate title={said}>
          {said}
        </Text>
        {chips.length > 0 && (
          <Text size="xs" c="dimmed" truncate title={chips.map(({ title }) => title).join(' ')}>
            {chips.map(({ label }) => label).join(', ')}
          </Text>
        )}
      </div>
      {priority?.weight != null && (
        <NumberField
          aria-label={`Weight of ${said}`}
          size="xs"
          w={64}
          value={priority.weight}
          range={[0, 1e9]}
          step={nextWeight}
          disabled={!isReadable}
          onCommit={(weight) => edit((text) => lines.reweighted(text, index, weight), '', `weight ${index}`)}
        />
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon color="gray" aria-label={`More for ${said}`} disabled={!isReadable}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={index === 0} onClick={() => move(-1)}>
            Move up
          </Menu.Item>
          <Menu.Item disabled={index === count - 1} onClick={() => move(1)}>
            Move down
          </Menu.Item>
          <Menu.Item onClick={() => edit((text) => lines.duplicated(text, index), 'Duplicated.')}>Duplicate</Menu.Item>
          {priority === null && (
            <Menu.Item onClick={() => edit((text) => lines.softened(text, index), 'Made soft.')}>
              Make it soft, with a weight
            </Menu.Item>
          )}
          {priority && (
            <Menu.Item onClick={() => edit((text) => lines.hardened(text, index), 'Kept by the method again.')}>
              Make it hard: kept by the method
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            onClick={() => {
              edit((text) => lines.removed(text, index), 'Deleted. Undo brings it back.');
              focusAt(index);
            }}
          >
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}

/** Ten steps to each power of ten: 9, 10, 20. */
function nextWeight(weight: number, direction: 1 | -1): number {
  if (weight === 0) return direction > 0 ? 1 : 0;
  const unit = 10 ** Math.floor(Math.log10(weight) - (direction < 0 ? 1e-9 : 0));
  return Number((weight + direction * unit).toPrecision(12));
}
