/** What computes: the GPU and the way it is used, or the CPU, in WebAssembly or step by step; and why. */
import { Anchor, Popover, SegmentedControl, Stack, Text, UnstyledButton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ExecutorChoice, JobEnd, PseudoinverseReport } from '../../../core/run/run.ts';
import { ToneDot } from '../../components/tone-dot.tsx';
import { useLong } from '../../components/use-long.ts';
import { shortNumber } from '../../number-text.ts';
import { isSameLandscape } from '../../store/landscape.ts';
import { progressText, shareDone } from '../../store/progress.ts';
import { runNames } from '../../store/run-name.ts';
import { isPreparing, PATIENCE_MS } from '../../store/run-slice.ts';
import { useCatalog, useResults, useStore } from '../../store/use-store.ts';
import type { Tone } from '../../store/verdict.ts';
import classes from './header.module.css';

const none: readonly never[] = [];

const hasWebGpu = 'gpu' in navigator;

interface Words {
  readonly tone: Tone;
  readonly text: string;
}

/** What computed: told by a run that did, where there is one. */
function words(ends: readonly JobEnd[], choice: ExecutorChoice, isRunning: boolean): Words {
  if (isRunning && ends.length === 0) return { tone: 'busy', text: 'Computing' };
  const end = ends.find(({ status }) => status !== 'failed') ?? ends[0] ?? null;
  if (end === null) return { tone: 'neutral', text: hasWebGpu ? 'No run yet' : 'No WebGPU' };
  if (end.status === 'failed') return { tone: 'bad', text: 'Executor failed' };
  const fallback: Tone = choice === 'gpu' && !end.isPlanned ? 'warning' : 'neutral';
  if (end.executor === 'reference') return { tone: fallback, text: `CPU reference${hasWebGpu ? '' : ' (no WebGPU)'}` };
  if (end.executor === 'wasm') return { tone: fallback, text: 'CPU · WebAssembly' };
  return { tone: 'good', text: `GPU · ${end.adapter} · ${end.executor}` };
}

function Pseudoinverse({ report }: { readonly report: PseudoinverseReport }) {
  const { rows, columns, rank, conditionNumber, reason, iterations, residuals, form } = report;
  const residual = residuals?.at(-1);
  return (
    <Text size="xs">
      A⁺ of A[{rows}, {columns}], rank {rank}, condition {shortNumber(conditionNumber, 3)}. {reason}
      {iterations !== undefined && ` Newton–Schulz: ${iterations} iterations`}
      {iterations !== undefined && residual !== undefined && `, ‖I − A X‖ = ${shortNumber(residual, 2)}`}
      {iterations !== undefined && '.'} {form?.reason}
    </Text>
  );
}

/** Runs that were computed in the same way, told together. */
function byReason(ended: readonly { readonly name: string; readonly end: JobEnd }[]) {
  const reasons = [...new Set(ended.map(({ end }) => end.reason))];
  return reasons.map((reason) => {
    const alike = ended.filter(({ end }) => end.reason === reason);
    return { reason, names: alike.map(({ name }) => name), milliseconds: alike.map(({ end }) => end.elapsedMs) };
  });
}

const choices: readonly { readonly value: ExecutorChoice; readonly label: string }[] = [
  { value: 'gpu', label: 'Automatic' },
  { value: 'fused', label: 'GPU, float32, fused' },
  { value: 'dispatched', label: 'GPU, float32, operation by operation' },
  { value: 'wasm', label: 'CPU, Float64, WebAssembly' },
  { value: 'reference', label: 'CPU, Float64, reference: slow' },
];

/** How far the runs under way are and how long they take yet; null while none takes long. */
function useProgress(): string | null {
  const isRunning = useStore(({ phase }) => phase === 'running');
  const token = useStore((store) => store.token);
  const results = useStore(({ picture, started }) =>
    picture?.study === started?.study ? picture?.results : undefined,
  );
  const [beganAt, setBeganAt] = useState<{ readonly token: number; readonly at: number } | null>(null);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isRunning) return;
    setBeganAt({ token, at: performance.now() });
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isRunning, token]);
  if (!isRunning || !isLong || beganAt?.token !== token) return null;
  const isOfThisStart = results?.some(({ end }) => end === null) ?? false; // not of the one before
  return isOfThisStart ? progressText(shareDone(results ?? []), performance.now() - beganAt.at) : '';
}

export function ExecutorBadge() {
  const runs = useStore((store) => store.experiment.runs) ?? none;
  const choice = useStore((store) => store.executorChoice);
  const chooseExecutor = useStore((store) => store.chooseExecutor);
  const run = useStore((store) => store.run);
  const catalog = useCatalog();
  const results = useResults();
  const ended = runNames(runs, catalog).flatMap((name, i) => {
    const end = results[i]?.end;
    return end ? [{ name, end }] : [];
  });
  const isRunning = useStore((store) => store.phase !== 'idle');
  const told = useStore(({ field, picture }) =>
    isSameLandscape(field?.study, picture?.study) ? field?.sample.told : undefined,
  );
  const progress = useProgress();
  const isReading = useLong(useStore(isPreparing));
  const { tone, text } = isReading
    ? { tone: 'busy' as const, text: 'Reading the problem' }
    : progress === null
      ? words(
          ended.map(({ end }) => end),
          choice,
          isRunning,
        )
      : { tone: 'busy' as const, text: `Computing ${progress}`.trim() };
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
          {byReason(ended.filter(({ end }) => end.status !== 'failed')).map(({ reason, names, milliseconds }) => (
            <Text size="xs" key={reason}>
              <b>{names.join(', ')}</b>: {milliseconds.map((time) => shortNumber(time, 3)).join(', ')} ms. {reason}
            </Text>
          ))}
          {ended
            .filter(({ end }) => end.status === 'failed')
            .map(({ name, end }) => (
              <Text size="xs" key={end.job}>
                <b>{name}</b> failed. {end.message}
              </Text>
            ))}
          {told && (
            <Text size="xs">
              <b>Figure</b>: {shortNumber(told.elapsedMs, 3)} ms. {told.how}
            </Text>
          )}
          {!hasWebGpu && (
            <Text size="xs">
              This browser offers no WebGPU here. Everything works on the CPU, in WebAssembly and in double precision;
              long runs and swarms take longer.
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
            orientation="vertical"
            fullWidth
            aria-label="Compute on"
            data={choices.map(({ value, label }) => ({ value, label }))}
            value={choice}
            onChange={(value) => {
              const chosen = choices.find((option) => option.value === value)?.value ?? 'gpu';
              chooseExecutor(chosen);
              void run({ executor: chosen });
            }}
          />
          <Anchor size="xs" href="./bench/" target="_blank">
            How fast is this machine? Measure it
          </Anchor>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}

const sameReport = (a: PseudoinverseReport, b: PseudoinverseReport): boolean =>
  a.rows === b.rows && a.columns === b.columns && a.algorithm === b.algorithm && a.reason === b.reason;
