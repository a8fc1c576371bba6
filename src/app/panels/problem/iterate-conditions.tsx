/** Of the chosen run, at the playhead: whether it is at an optimum, and which part of the gradient the constraints carry. */
import { Button } from '@mantine/core';
import { shortNumber } from '../../number-text.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { useStore } from '../../store/use-store.ts';
import { FactList } from './fact-list.tsx';
import classes from './problem-panel.module.css';
import { useIterateReport } from './use-iterate-report.ts';

export function IterateConditions() {
  const hidesVerdict = useHidden('verdicts');
  const hidesMultipliers = useHidden('multipliers');
  return (
    <>
      {!hidesVerdict && <Verdict />}
      {!hidesVerdict && !hidesMultipliers && <FormButton />}
    </>
  );
}

function Verdict() {
  const report = useIterateReport();
  if (!report) return null;
  const { step, verdict, tangent, normal, active, areUnique } = report;
  const entries = [
    { term: `Step ${step.toLocaleString('en')}`, fact: verdict },
    ...(active.length > 0
      ? [
          {
            term: 'Gradient',
            fact: `${shortNumber(tangent, 3)} along the active constraints, ${shortNumber(normal, 3)} at right angles to them`,
          },
        ]
      : []),
    ...(areUnique
      ? []
      : [
          {
            term: 'Multipliers',
            fact: `${areUnique === false ? 'not the only ones' : 'perhaps not the only ones'}: the active constraints depend on each other here`,
          },
        ]),
  ];
  return <FactList label="The chosen run at the playhead" facts={entries} />;
}

/** Opens the conditions with their numbers. */
function FormButton() {
  const hasStudy = useStore((store) => store.picture !== null);
  const isShown = useStore((store) => store.isFormShown);
  const showForm = useStore((store) => store.showForm);
  if (!hasStudy) return null;
  return (
    <div className={classes.more}>
      <Button size="compact-xs" mih={24} variant="default" aria-expanded={isShown} onClick={() => showForm(!isShown)}>
        Conditions of an optimum…
      </Button>
    </div>
  );
}
