/** Says to screen readers how the runs stand: politely, at most once in two seconds. */
import { VisuallyHidden } from '@mantine/core';
import { useThrottledValue } from '@mantine/hooks';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { useLong } from '../components/use-long.ts';
import { shortNumber } from '../number-text.ts';
import { useHidden } from '../store/hidden-parts.ts';
import { knownFaults } from '../store/problem-slice.ts';
import { runNames } from '../store/run-name.ts';
import { isPreparing } from '../store/run-slice.ts';
import { lastRecord } from '../store/trajectory.ts';
import { useCatalog, useResults, useStore } from '../store/use-store.ts';
import { verdictOf } from '../store/verdict.ts';

const PAUSE_MS = 2000;

/** How many errors there are, and the first of them; empty where there is none. */
function firstFault(diagnostics: readonly Diagnostic[]): string {
  const [first, ...others] = diagnostics.filter(({ severity }) => severity === 'error');
  if (!first) return '';
  const count = others.length === 0 ? 'an error' : `${others.length + 1} errors, first`;
  return `The problem has ${count}: ${first.message}`;
}

function useStatus(): string {
  const phase = useStore((store) => store.phase);
  const isReading = useLong(useStore(isPreparing));
  const fault = useStore((store) => firstFault(knownFaults(store)));
  const runs = useStore((store) => store.experiment.runs);
  const sense = useStore((store) => store.picture?.study.problem.sense) ?? 'minimize';
  const results = useResults();
  const hidesVerdict = useHidden('verdicts');
  const catalog = useCatalog();
  if (fault !== '') return fault;
  if (isReading) return 'Reading the problem.';
  if (phase === 'running') return 'Running.';
  if (hidesVerdict) return results.some(Boolean) ? 'The runs have ended.' : 'No run yet.';
  return runNames(runs ?? [], catalog)
    .map((name, i) => {
      const result = results[i] ?? null;
      const last = result?.trajectory ? lastRecord(result.trajectory, sense) : null;
      const numbers =
        last &&
        `, ${sense === 'maximize' ? 'objective' : 'loss'} ${shortNumber(last.loss, 3)}, violation ${shortNumber(last.violation, 2)}`;
      return `${name}: ${verdictOf(result).title}${numbers ?? ''}.`;
    })
    .join(' ');
}

export function LiveStatus() {
  const status = useThrottledValue(useStatus(), PAUSE_MS);
  return <VisuallyHidden role="status">{status}</VisuallyHidden>;
}
