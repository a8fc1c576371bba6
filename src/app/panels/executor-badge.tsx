/** What computes: the GPU and the way it is used, or the reference on the CPU; and why. */
import { Popover, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import type { ExecutorChoice, JobEnd, PseudoinverseReport } from '../../core/run/run.ts';
import { ToneDot } from '../components/tone-dot.tsx';
import { shortNumber } from '../number-text.ts';
import { useStore } from '../store/use-store.ts';
import type { Tone } from '../store/verdict.ts';
import classes from './header.module.css';

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

const algorithms: Readonly<Record<PseudoinverseReport['algorithm'], string>> = {
  host: 'in Float64 on the host',
  'newton-schulz': 'by Newton–Schulz on the GPU',
  'row-basis': 'through an orthonormal basis of the rows, in Float64 on the host',
};

function Pseudoinverse({ report }: { readonly report: PseudoinverseReport }) {
  const { rows, columns, rank, conditionNumber, algorithm, reason, iterations, residuals } = report;
  const residual = residuals?.at(-1);
  return (
    <Text size="xs">
      A⁺ of {rows} × {columns}, rank {rank}, condition {shortNumber(conditionNumber, 3)}: {algorithms[algorithm]}
      {iterations !== undefined && `, ${iterations} iterations`}
      {residual !== undefined && `, ‖I − A X‖ = ${shortNumber(residual, 2)}`}. {reason}
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
  const picture = useStore((store) => store.picture);
  const choice = useStore((store) => store.executorChoice);
  const chooseExecutor = useStore((store) => store.chooseExecutor);
  const run = useStore((store) => store.run);
  const ends = (picture?.results ?? []).flatMap(({ end }) => end ?? []);
  const end = ends[0] ?? null;
  const { tone, text } = words(end, choice);
  const reports = ends.flatMap(({ pseudoinverses }) => pseudoinverses);
  const distinct = reports.filter((report, i) => reports.findIndex((other) => sameReport(other, report)) === i);
  const reasons = [...new Set(ends.map(({ reason }) => reason).filter((reason) => reason !== ''))];
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
          {reasons.map((reason) => (
            <Text size="xs" key={reason}>
              {reason}
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
          {ends.length > 0 && (
            <Text size="xs" c="dimmed">
              {ends.map(({ elapsedMs }) => `${shortNumber(elapsedMs, 3)} ms`).join(' · ')}
            </Text>
          )}
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
