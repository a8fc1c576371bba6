/** How A⁺ is computed by products alone, for the matrix of the typed constraints or any other small one. */
import { Group, Modal, NativeSelect, Stack, Text, Textarea, useComputedColorScheme } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import { readMatrix } from '../../../core/language/read-matrix.ts';
import type { Matrix } from '../../../core/tensor/matrix.ts';
import type { NewtonSchulzTrace } from '../../../core/tensor/newton-schulz-trace.ts';
import { Explanation } from '../../components/explanation.tsx';
import { NumberTable, titled } from '../../components/number-table.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { readNumber } from '../../components/table-rows.ts';
import type { Figure } from '../../figures/figure.ts';
import { type NewtonSchulzTraces, residualFigure, singularValueFigure } from '../../figures/newton-schulz-figures.ts';
import { shortNumber } from '../../number-text.ts';
import { followed, MOST_FOLLOWED_ROWS } from '../../store/newton-schulz.ts';
import { useStore } from '../../store/use-store.ts';
import classes from './newton-schulz-dialog.module.css';

const examples = {
  easy: { title: 'Two ties that share a weight', text: '[[1, 1, 0], [0, 1, 1]]' },
  near: { title: 'Two rows that are almost the same', text: '[[1, 1, 1], [1, 1, 1.01]]' },
  hilbert: {
    title: 'A Hilbert matrix, badly conditioned',
    text: '[[1, 0.5, 0.33333], [0.5, 0.33333, 0.25], [0.33333, 0.25, 0.2]]',
  },
  dependent: { title: 'Dependent rows: no inverse to find', text: '[[1, 2, 3], [0.7, 1.4, 2.1]]' },
} as const;

type Choice = 'constraints' | 'own' | keyof typeof examples;

export function NewtonSchulzDialog({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const affine = useStore((store) => store.study?.structure.affine ?? null);
  const [chosen, setChosen] = useState<Choice>('constraints');
  const [text, setText] = useState<string>(examples.easy.text);
  const choice = chosen === 'constraints' && affine === null ? 'easy' : chosen;
  const A =
    choice === 'constraints' ? (affine?.A ?? null) : readMatrix(choice === 'own' ? text : examples[choice].text);
  return (
    <Modal opened={isOpen} onClose={onClose} size="xl" title="A⁺ by Newton–Schulz">
      <Stack gap="sm">
        <Text size="sm">
          To project on A x = b one needs the pseudoinverse A⁺. A GPU finds it by products alone: start with a small
          multiple X of Aᵀ and repeat X ← X (2I − A X). Each singular value s of A X becomes s (2 − s), which drives it
          to 1: small ones first double, then the error squares itself.
        </Text>
        <Group align="flex-end" gap="sm">
          <NativeSelect
            label="Matrix"
            size="xs"
            value={choice}
            onChange={(event) => setChosen(event.currentTarget.value as Choice)}
            data={[
              ...(affine ? [{ value: 'constraints', label: `A of the constraints (${sizeOf(affine.A)})` }] : []),
              ...Object.entries(examples).map(([value, { title }]) => ({ value, label: title })),
              { value: 'own', label: 'A matrix of my own' },
            ]}
          />
          {choice === 'own' && (
            <Textarea
              label="Its rows"
              size="xs"
              flex="1 1 220px"
              autosize
              value={text}
              spellCheck={false}
              error={A === null ? 'Rows of equally many numbers, as in [[1, 1, 0], [0, 1, 1]].' : undefined}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
        </Group>
        {A && <Followed A={A} />}
      </Stack>
    </Modal>
  );
}

const sizeOf = ({ rows, columns }: Matrix): string => `${rows} × ${columns}`;

function Followed({ A }: { readonly A: Matrix }) {
  const theme = useComputedColorScheme('light');
  const found = useMemo(() => followed(A), [A]);
  const figures = useMemo(
    () => found && { residual: residualFigure(found.traces, theme), values: singularValueFigure(found.traces, theme) },
    [found, theme],
  );
  const [isTableOpen, setTableOpen] = useState(false);
  if (!found || !figures)
    return (
      <Text size="sm">
        This matrix has {sizeOf(A)} entries: too many to be followed here, where up to {MOST_FOLLOWED_ROWS} rows are. A
        run computes its inverse all the same.
      </Text>
    );
  const { traces, rank, conditionNumber } = found;
  const toggle = () => setTableOpen((isOpen) => !isOpen);
  return (
    <>
      <Text size="sm" aria-live="polite">
        {inWords(traces, rank, Math.min(A.rows, A.columns), conditionNumber)}
      </Text>
      <div className={classes.figures}>
        <Card
          title="What is left: ‖I − A X‖"
          explanation="How far A X is from the identity, as the root of the sum of squares. While it is above 1 the smallest singular value only doubles with each iteration; below 1 the error squares itself, so a few iterations more are enough. The floor is rounding: about 1e−16 in Float64, 1e−7 in float32."
          theme={theme}
          figure={figures.residual}
          onTable={toggle}
        />
        <Card
          title="Singular values of A X"
          explanation="One curve for each direction. When all have reached 1, A X is the identity, and X is A⁺. A small one belongs to rows that are almost the same, and takes longest; one that is 0 stays 0, because no inverse exists in that direction."
          theme={theme}
          figure={figures.values}
          onTable={toggle}
        />
      </div>
      <Text size="xs" c="dimmed">
        Solid with circles: Float64, as the reference computes. Dashed with squares: float32, as a GPU does. The diamond
        is where the iteration stops: some steps after ‖I − A X‖ fell below 0.3.
      </Text>
      {isTableOpen && <Numbers traces={traces} />}
    </>
  );
}

function inWords({ float64, float32 }: NewtonSchulzTraces, rank: number, full: number, condition: number): string {
  const [high, low] = [float64.residuals.at(-1), float32.residuals.at(-1)];
  if (rank < full)
    return `Rank ${rank} of ${full}: a singular value of A X is 0 and stays 0, so ‖I − A X‖ never falls below 1 and the iteration never settles. Rounding errors double in that direction. Such matrices get a basis of their rows instead.`;
  if (float64.stopsAt === null || float32.stopsAt === null)
    return `Condition number ${shortNumber(condition, 3)}: too large for the iterations that are allowed. Such matrices get a basis of their rows instead.`;
  return `Condition number ${shortNumber(condition, 3)}: Float64 stops after ${float64.stopsAt} iterations with ${shortNumber(high ?? Number.NaN, 2)} left, float32 after ${float32.stopsAt} with ${shortNumber(low ?? Number.NaN, 2)}.`;
}

interface CardProps {
  readonly title: string;
  readonly explanation: string;
  readonly theme: 'light' | 'dark';
  readonly figure: Figure;
  readonly onTable: () => void;
}

function Card({ title, explanation, theme, figure, onTable }: CardProps): ReactNode {
  const [plot, setPlot] = useState<Plot | null>(null);
  return (
    <div className={classes.card}>
      <Group gap={4} wrap="nowrap">
        <Text size="xs" fw={600}>
          {title}
        </Text>
        <Explanation title={title} text={explanation} />
        <FigureMenu name={title} theme={theme} plot={plot} figure={() => figure} onTable={onTable} />
      </Group>
      <div className={classes.plot}>
        <PlotlyFigure figure={figure} interaction="chart" label={`${title} against the iteration`} onPlot={setPlot} />
      </div>
    </div>
  );
}

/** ‖I − A X‖ and each singular value of A X, in both precisions. */
function columnsOf({ float64, float32 }: NewtonSchulzTraces) {
  const both = (what: string, of: (trace: NewtonSchulzTrace) => readonly (number | undefined)[]) => [
    { name: `${what}, Float64`, values: of(float64) },
    { name: `${what}, float32`, values: of(float32) },
  ];
  const singular = (float64.singularValues[0] ?? []).flatMap((_, i) =>
    both(`singular value ${i + 1}`, ({ singularValues }) => singularValues.map((all) => all[i])),
  );
  return [...both('‖I − A X‖', ({ residuals }) => residuals), ...singular];
}

function Numbers({ traces }: { readonly traces: NewtonSchulzTraces }) {
  const columns = columnsOf(traces);
  const iterations = Math.max(...columns.map(({ values }) => values.length));
  return (
    <NumberTable
      columns={[titled('iteration'), ...columns.map(({ name }) => titled(name))]}
      rows={Array.from({ length: iterations }, (_, k) => ({
        key: k,
        cells: [k, ...columns.map(({ values }) => readNumber(values[k]))],
      }))}
    />
  );
}
