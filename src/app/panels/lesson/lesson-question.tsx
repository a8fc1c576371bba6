/** A prediction before the runs are shown, and afterwards how it compares. */
import { Button, Group, NumberInput, Radio, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Outcome, Question } from '../../../core/lesson.ts';
import { MarkedText } from '../../components/marked-text.tsx';
import { shortNumber } from '../../number-text.ts';
import type { Guess } from '../../store/lesson-slice.ts';

interface Asked<Q extends Question> {
  readonly question: Q;
  /** null: would rather see. */
  onGuess(guess: Guess | null): void;
}

type Choice = Extract<Question, { kind: 'choice' }>;
type NumberQuestion = Extract<Question, { kind: 'number' }>;
type PointQuestion = Extract<Question, { kind: 'point' }>;

const ShowMe = ({ onGuess }: Pick<Asked<Question>, 'onGuess'>) => (
  <Button size="compact-sm" variant="subtle" onClick={() => onGuess(null)}>
    Just show me
  </Button>
);

function AskChoice({ question: { question, options }, onGuess }: Asked<Choice>) {
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <Stack gap={8}>
      <Radio.Group value={chosen} onChange={setChosen} label={<MarkedText text={question} />}>
        <Stack gap={6} mt={6}>
          {options.map((option, i) => (
            <Radio key={option} value={String(i)} label={<MarkedText text={option} />} size="sm" />
          ))}
        </Stack>
      </Radio.Group>
      <Group gap={6}>
        <Button size="compact-sm" disabled={chosen === null} onClick={() => onGuess(Number(chosen))}>
          Check my guess
        </Button>
        <ShowMe onGuess={onGuess} />
      </Group>
    </Stack>
  );
}

function AskNumber({ question: { question }, onGuess }: Asked<NumberQuestion>) {
  const [value, setValue] = useState<number | string>('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof value === 'number') onGuess(value);
      }}
    >
      <Stack gap={8}>
        <NumberInput label={<MarkedText text={question} />} value={value} onChange={setValue} hideControls size="sm" />
        <CheckOrShow isTyped={typeof value === 'number'} onGuess={onGuess} />
      </Stack>
    </form>
  );
}

/** Of a form into which a guess is typed. */
function CheckOrShow({ isTyped, onGuess }: Pick<Asked<Question>, 'onGuess'> & { readonly isTyped: boolean }) {
  return (
    <Group gap={6}>
      <Button size="compact-sm" type="submit" disabled={!isTyped}>
        Check my guess
      </Button>
      <ShowMe onGuess={onGuess} />
    </Group>
  );
}

/** The click is taken by a layer of the picture: `GuessLayer`. */
function AskPoint({ question: { question, names }, onGuess }: Asked<PointQuestion>) {
  const [typed, setTyped] = useState<readonly (number | string)[]>(['', '']);
  const [x, y] = typed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (typeof x === 'number' && typeof y === 'number') onGuess([x, y]);
      }}
    >
      <Stack gap={8}>
        <Text size="sm" fw={600} component="div">
          <MarkedText text={question} />
        </Text>
        <Text size="sm">Pick it in the picture, or type it.</Text>
        <Group gap={6} grow>
          {names.map((name, i) => (
            <NumberInput
              key={name}
              label={name}
              value={typed[i] ?? ''}
              onChange={(value) => setTyped(typed.map((before, k) => (k === i ? value : before)))}
              hideControls
              size="sm"
            />
          ))}
        </Group>
        <CheckOrShow isTyped={typed.every((value) => typeof value === 'number')} onGuess={onGuess} />
      </Stack>
    </form>
  );
}

export function Ask({ question, onGuess }: Asked<Question>) {
  if (question.kind === 'choice') return <AskChoice question={question} onGuess={onGuess} />;
  if (question.kind === 'point') return <AskPoint question={question} onGuess={onGuess} />;
  return <AskNumber question={question} onGuess={onGuess} />;
}

interface AnswerProps {
  readonly question: Question;
  readonly guess: Guess | null;
  readonly outcomes: readonly Outcome[] | null;
}

/** The first words: whether the guess was right. */
function judgement({ question, guess, outcomes }: AnswerProps): string | null {
  if (question.kind === 'choice') {
    const right = question.options[question.answer] ?? '';
    if (guess === question.answer) return `Right: ${lowered(right)}.`;
    return guess === null ? `${right}.` : `Not quite: ${lowered(right)}.`;
  }
  if (outcomes === null) return null;
  const measurements = question.kind === 'point' ? question.answer : [question.answer];
  const truth = measurements.map((measurement) => measurement(outcomes));
  if (guess === null) return `It is ${shown(truth)}.`;
  const guessed = [guess].flat();
  return Math.hypot(...truth.map((value, i) => value - (guessed[i] ?? Number.NaN))) <= question.within
    ? `Right: it is ${shown(truth)}.`
    : `You said ${shown(guessed)}; it is ${shown(truth)}.`;
}

/** A number, or a point in brackets. */
const shown = (values: readonly number[]): string => {
  const list = values.map((value) => shortNumber(value, 3)).join(', ');
  return values.length > 1 ? `(${list})` : list;
};

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

export function Answer(props: AnswerProps) {
  const first = useRef(props.outcomes); // what the reader changes afterwards does not change what was asked
  first.current ??= props.outcomes;
  const words = judgement({ ...props, outcomes: first.current });
  if (words === null) return null;
  return (
    <Text size="sm" component="div" role="status">
      <strong>
        <MarkedText text={words} />
      </strong>{' '}
      <MarkedText text={props.question.because} />
    </Text>
  );
}
