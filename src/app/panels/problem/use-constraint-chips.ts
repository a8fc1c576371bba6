/** Chips of the editor: each constraint's kind, and how the selected run keeps it at the playhead. */
import { useMemo } from 'react';
import { linesThatAreOff } from '../../../core/language/lines-off.ts';
import type { ConstraintChip } from '../../components/editor/editor-chips.ts';
import { shortNumber } from '../../number-text.ts';
import {
  type ConstraintNumbers,
  isRoundingAt,
  linesOfShared,
  numbersByLine,
  recordAt,
  setOfConstraint,
} from '../../store/constraint-rows.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { useCatalog, useResults, useStore } from '../../store/use-store.ts';
import type { Study } from '../../study.ts';
import { useStepOfChosen } from '../stage/stage.tsx';

function kindsByLine({ problem, structure }: Study, titleOf: (kind: string) => string): Map<number, Set<string>> {
  const kinds = new Map<number, Set<string>>();
  const add = (line: number, kind: string) => kinds.set(line, (kinds.get(line) ?? new Set()).add(kind));
  for (const { line, index } of problem.constraints) {
    const set = setOfConstraint(structure, index);
    add(line, set ? titleOf(set.kind) : 'general');
  }
  for (const { line, weight } of problem.soft) add(line, `soft, weight ${shortNumber(weight, 3)}`);
  return kinds;
}

function chipOf(
  line: number,
  kinds: ReadonlySet<string>,
  numbers: ConstraintNumbers | undefined,
  hidesMultipliers: boolean,
  isShared: boolean,
  isRounding: (violation: number) => boolean,
): ConstraintChip {
  const kind = [...kinds].join(', ').toLowerCase();
  const isSoft = kind.startsWith('soft');
  if (!numbers) return { line, state: isSoft ? 'soft' : 'unknown', label: kind, title: `Kind: ${kind}.` };
  const { violation, multipliers } = numbers;
  const ending = (text: string) => (hidesMultipliers ? '' : text);
  const isHeld = isRounding(violation);
  const oneOfMany = isShared ? ', one of many' : '';
  const others = isShared
    ? ', and others balance the loss as well: the slopes of constraints depend on each other here'
    : '';
  const shown =
    multipliers.length === 1 ? `λ ${shortNumber(multipliers[0] ?? 0, 3)}${oneOfMany}` : `${multipliers.length} rows`;
  const off = isHeld ? '✓' : `off by ${shortNumber(violation, 2)}`;
  const list = Array.from(multipliers.subarray(0, 8), (entry) => shortNumber(entry, 3)).join(', ');
  const rest = multipliers.length > 8 ? ', …' : '';
  return {
    line,
    state: isSoft ? 'soft' : isHeld ? 'kept' : 'violated',
    label: `${kind} · ${off}${ending(` · ${shown}`)}`,
    title: `Kind: ${kind}. Violation ${shortNumber(violation, 3)}.${ending(` Multiplier ${list}${rest}${others}.`)}`,
  };
}

export function useConstraintChips(): readonly ConstraintChip[] {
  const text = useStore(({ experiment }) => experiment.problem);
  const isCurrent = useStore(({ studied, experiment }) => studied?.text === experiment.problem);
  const study = useStore((store) => store.study);
  const selected = useStore((store) => store.selectedRun);
  const result = useResults()[selected] ?? null;
  const step = useStepOfChosen();
  const { constraints: entries } = useCatalog();
  const hidesMultipliers = useHidden('multipliers');
  const hidesOptimum = useHidden('optimum');
  const off = useMemo(() => linesThatAreOff(text), [text]);
  const kinds = useMemo(
    () => study && kindsByLine(study, (kind) => entries.find(({ id }) => id === kind)?.title ?? kind),
    [study, entries],
  );
  return useMemo(() => {
    const offChips = off.map(
      ({ line }): ConstraintChip => ({ line, state: 'off', label: 'left out', title: 'Left out.' }),
    );
    if (!study || !kinds || !isCurrent) return offChips;
    const trajectory = result?.trajectory ?? null;
    const measure = result?.job?.measure;
    const rows = [...study.problem.constraints, ...study.problem.soft].reduce((sum, { rows }) => sum + rows, 0);
    const isOfText = measure?.typed.length === rows; // else a run of the text before it
    const fits = isOfText && trajectory && measure && trajectory.steps.length > 0;
    const record = fits ? recordAt(trajectory, step) : 0;
    const numbers = fits ? numbersByLine(study.problem, trajectory, measure, record) : null;
    const isRounding = fits ? isRoundingAt(trajectory, study.problem.size, record, result?.end?.executor) : () => false;
    const { size } = study.problem;
    const point = fits ? trajectory.iterates.subarray(record * size, (record + 1) * size) : null;
    const shared = point && !hidesOptimum ? linesOfShared(study, point) : new Set<number>();
    return [
      ...offChips,
      ...[...kinds].map(([line, names]) =>
        chipOf(line, names, numbers?.get(line), hidesMultipliers, shared.has(line), isRounding),
      ),
    ];
  }, [off, study, kinds, isCurrent, result, step, hidesMultipliers, hidesOptimum]);
}
