/** What the text amounts to, in a line: sizes, recognised sets, what remains free. */
import { Anchor } from '@mantine/core';
import { useState } from 'react';
import type { Listing } from '../../../core/contracts.ts';
import { onDemand } from '../../components/on-demand.tsx';
import { shortNumber } from '../../number-text.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { proposalOf } from '../../store/proposal-text.ts';
import { useCatalog, useStore } from '../../store/use-store.ts';
import type { Study } from '../../study.ts';
import { FactList } from './fact-list.tsx';
import { setsInWords } from './sets-in-words.ts';

const NewtonSchulzDialog = onDemand(() =>
  import('./newton-schulz-dialog.tsx').then((module) => module.NewtonSchulzDialog),
);

const CONDITION = 'Rank, condition';
const OPTIMUM = 'Optimum';

/** With more entries than this the point is left to the picture and the conditions. */
const MOST_TOLD = 3;

/** “ at (1, 0.4)”: rounding of the search is not told. */
function pointOf(x: ArrayLike<number>): string {
  const entries = Array.from(x);
  if (entries.length > MOST_TOLD) return '';
  const noise = 1e-7 * (1 + Math.max(...entries.map(Math.abs)));
  const told = entries.map((entry) => shortNumber(Math.abs(entry) < noise ? 0 : entry)).join(', ');
  return entries.length === 1 ? ` at ${told}` : ` at (${told})`;
}

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

function facts(
  { problem, structure, feasibility, isConvex, optimum, noOptimum }: Study,
  { constraints: kinds }: Listing,
): { term: string; fact: string }[] {
  const { size, sets, unrecognized, equalityRows, inequalityRows, affine, degreesOfFreedom } = structure;
  const known = setsInWords(sets, (kind) => kinds.find(({ id }) => id === kind)?.title ?? kind);
  const others = counted(unrecognized.length, known ? 'further constraint' : 'constraint');
  const parts = [known, ...(unrecognized.length > 0 ? [`solutions of ${others}`] : [])].filter(Boolean);
  const isEmpty = feasibility.verdict === 'no';
  const areAllAffine = affine !== null && affine.A.rows === equalityRows;
  const relations = [
    ...(equalityRows > 0 ? [counted(equalityRows, 'equality', 'equalities')] : []),
    ...(inequalityRows > 0 ? [counted(inequalityRows, 'inequality', 'inequalities')] : []),
  ];
  const isAsked = problem.loss.kind !== 'number' && !structure.constraints.some(({ isMoving }) => isMoving);
  const loss = optimum && shortNumber(problem.sense === 'maximize' ? -optimum.loss : optimum.loss);
  const remarks = [
    ...(isConvex ? [] : ['the best that was found']),
    ...(optimum?.isOneOfMany ? ['one of many'] : []),
    ...(optimum?.hasNoMultipliers ? ['without multipliers'] : []),
    ...(optimum?.sharedMultipliers ? ['its multipliers some of many'] : []),
  ];
  const best = noOptimum?.summary ?? [`loss ${loss}${optimum ? pointOf(optimum.x) : ''}`, ...remarks].join(', ');
  const rank = size - degreesOfFreedom;
  const held = affine && affine.rank !== rank ? ` of ${counted(affine.A.rows, 'row')} alone` : '';
  return [
    { term: 'Parameters', fact: counted(size, 'number') },
    { term: 'Constraints', fact: relations.join(', ') || 'none' },
    ...(problem.soft.length > 0 ? [{ term: 'Soft', fact: counted(problem.soft.length, 'constraint') }] : []),
    ...(parts.length > 0 ? [{ term: 'Feasible set', fact: isEmpty ? 'empty' : parts.join(' ∩ ') }] : []),
    ...(affine
      ? [{ term: CONDITION, fact: `${rank.toLocaleString('en')}, ${shortNumber(affine.conditionNumber, 3)}${held}` }]
      : []),
    ...(isAsked && !isEmpty ? [{ term: OPTIMUM, fact: best }] : []),
    ...(areAllAffine && !isEmpty ? [{ term: 'Left free', fact: counted(degreesOfFreedom, 'direction') }] : []),
  ];
}

export function StructureSummary() {
  const study = useStore((store) => store.study);
  const catalog = useCatalog();
  const [isInverseShown, setInverseShown] = useState(false);
  const hidesOptimum = useHidden('optimum');
  if (!study) return null;
  const proposal = study.feasibility.verdict === 'no' ? null : proposalOf(study, catalog);
  const known = facts(study, catalog).filter(({ term }) => !(hidesOptimum && term === OPTIMUM));
  const shown = [...known, ...(proposal ? [{ term: 'Begin with', fact: proposal }] : [])];
  return (
    <>
      <FactList
        facts={shown.map(({ term, fact }) => ({
          term,
          fact:
            term === CONDITION ? (
              <>
                {fact}
                {' · '}
                <Anchor component="button" type="button" size="xs" mih={24} onClick={() => setInverseShown(true)}>
                  how A⁺ is found
                </Anchor>
              </>
            ) : (
              fact
            ),
        }))}
      />
      <NewtonSchulzDialog isOpen={isInverseShown} onClose={() => setInverseShown(false)} />
    </>
  );
}
