/** What computes: the GPU and the way it is used, or the reference on the CPU; and why. */
import { Popover, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import type { ExecutorChoice, JobEnd, PseudoinverseReport } from '../../core/run/run.ts';
import { ToneDot } from '../components/tone-dot.tsx';
import { shortNumber } from '../number-text.ts';
import { runName } from '../store/run-name.ts';
import { useCatalog, useResults, useStore } from '../store/use-store.ts';
import type { Tone } from '../store/verdict.ts';
import classes from './header.module.css';

const none: readonly never[] = [];

const hasWebGpu = 'gpu' in navigator;

interface Words {
  readonly tone: Tone;
  readonly text: string;
}

function words(end: JobEnd | null, choice: ExecutorChoice): Words {
  if (end === null) return { tone: 'neutral', text: hasWebGpu ? 'No run yet' : 'No WebGPU' };
  if (end.status === 'failed') return { tone: 'bad', text: 'Executor failed' };
  const fallback: Tone = choice === 'gpu' ? 'warning' : 'neutral';
  if (end.executor === 'reference') return { tone: fallback, text: `CPU reference${hasWebGpu ? '' : ' (no WebGPU)'}` };
  if (end.executor === 'wasm') return { tone: fallback, text: 'CPU · WebAssembly' };
  return { tone: 'good', text: `GPU · ${end.adapter} · ${end.executor}` };
}

function Pseudoinverse({ report }: { readonly report: PseudoinverseReport }) {
  const { rows, columns, rank, conditionNumber, reason, iterations, residuals } = report;
  const residual = residuals?.at(-1);
  return (
    <Text size="xs">
      A⁺ of A[{rows}, {columns}], rank {rank}, condition {shortNumber(conditionNumber, 3)}. {reason}
      {iterations !== undefined && ` Newton–Schulz: ${iterations} iterations`}
      {iterations !== undefined && residual !== undefined && `, ‖I − A X‖ = ${shortNumber(residual, 2)}`}
      {iterations !== undefined && '.'}
    </Text>
  );
}

const choices: readonly { readonly value: ExecutorChoice; readonly label: string }[] = [
  { value: 'gpu', label: 'Automatic' },
  { value: 'fused', label: 'Fused' },
  { value: 'dispatched', label: 'Dispatched' },
  { value: 'reference', label: 'Reference' },
];

export function ExecutorBadge() {
  const runs = useStore((store) => store.experiment.runs) ?? none;
  const choice = useStore((store) => store.executorChoice);
  const chooseExecutor = useStore((store) => store.chooseExecutor);
  const run = useStore((store) => store.run);
  const catalog = useCatalog();
  const results = useResults();
  const ended = runs.flatMap((one, i) => {
    const end = results[i]?.end;
    return end ? [{ name: runName(one, catalog), key: `${i}`, end }] : [];
  });
  const end = ended[0]?.end ?? null;
  const { tone, text } = words(end, choice);
  const reports = ended.flatMap(({ end: { pseudoinverses } }) => pseudoinverses);
  const distinct = reports.filter((report, i) => reports.findIndex((other) => sameReport(other, report)) === i);
  return (
    <Popover width={360} position="bottom-end">
      <Popover.Target>
        <UnstyledButton className={classes.badge ?? ''} aria-label={`Computed on: ${text}`}>
          <ToneDot tone={tone} />
          <span className={classes.badgeText}>{text}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm" fw={600}>
            {text}
          </Text>
          {ended.map(({ name, key, end: { reason, elapsedMs } }) => (
            <Text size="xs" key={key}>
              <b>{name}</b>, {shortNumber(elapsedMs, 3)} ms. {reason}
            </Text>
          ))}
          {end?.message && <Text size="xs">{end.message}</Text>}
          {!hasWebGpu && (
            <Text size="xs">
              This browser offers no WebGPU here. Everything works on the CPU, in Float64, only slower.
            </Text>
          )}
          {distinct.map((report) => (
            <Pseudoinverse
              key={JSON.stringify([report.rows, report.columns, report.algorithm, report.reason])}
              report={report}
            />
          ))}
          <SegmentedControl
            size="xs"
            aria-label="Compute on"
            data={choices.map(({ value, label }) => ({ value, label }))}
            value={choice}
            onChange={(value) => {
              const chosen = choices.find((option) => option.value === value)?.value ?? 'gpu';
              chooseExecutor(chosen);
              void run({ executor: chosen });
            }}
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const sameReport = (a: PseudoinverseReport, b: PseudoinverseReport): boolean =>
  a.rows === b.rows && a.columns === b.columns && a.algorithm === b.algorithm && a.reason === b.reason;
