/** A number that is typed: exponents are understood, a half-typed one changes nothing, arrows step. */
import { TextInput, type TextInputProps } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { fieldNumber, parseNumber } from '../number-text.ts';
import { UNDONE_BY_PAGE } from './own-undo.ts';

interface NumberFieldProps extends Omit<TextInputProps, 'value' | 'onChange' | 'defaultValue' | 'step'> {
  readonly value: number;
  /** What was given in place of a number, as it was written. */
  readonly given?: string | undefined;
  readonly range: readonly [number, number];
  readonly isWhole?: boolean;
  /** The neighbour of a value for an arrow key. */
  readonly step: (value: number, direction: 1 | -1) => number;
  readonly onCommit: (value: number) => void;
}

export function NumberField({
  value,
  given,
  range,
  isWhole = false,
  step,
  error,
  onCommit,
  ...rest
}: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [least, greatest] = range;

  function fault(text: string): string | null {
    const number = parseNumber(text);
    if (number === null) return 'A number';
    if (isWhole && !Number.isInteger(number)) return 'A whole number';
    return number < least || number > greatest ? `From ${fieldNumber(least)} to ${fieldNumber(greatest)}` : null;
  }

  function type(text: string) {
    setDraft(text);
    const number = parseNumber(text);
    if (number !== null && fault(text) === null) onCommit(number);
  }

  function stepByArrow(event: KeyboardEvent) {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    setDraft(null);
    onCommit(Math.min(greatest, Math.max(least, step(value, event.key === 'ArrowUp' ? 1 : -1))));
  }

  const text = draft ?? given ?? fieldNumber(value);
  return (
    <TextInput
      {...rest}
      {...(draft === null && UNDONE_BY_PAGE)}
      value={text}
      error={draft === null && error ? error : fault(text)}
      inputMode="decimal"
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => type(event.currentTarget.value)}
      onBlur={() => setDraft(null)}
      onKeyDown={stepByArrow}
    />
  );
}
