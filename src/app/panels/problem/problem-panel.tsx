/** The problem as text, what is said about it, and what it amounts to. */
import { ActionIcon, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, memo, Suspense, useMemo, useState } from 'react';
import { knownTables } from '../../components/editor/editor-words.ts';
import { CurveIcon } from '../../components/icons.tsx';
import { type NumberPlace, NumberSlider, numberPlace } from '../../components/number-slider.tsx';
import { onDemand } from '../../components/on-demand.tsx';
import { useSteady } from '../../components/use-steady.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { useCatalog, useStore, useStoreNow } from '../../store/use-store.ts';
import { DiagnosticsList } from './diagnostics-list.tsx';
import { ProblemFormula } from './problem-formula.tsx';
import classes from './problem-panel.module.css';
import { ProblemTools } from './problem-tools.tsx';
import { StructureSummary } from './structure-summary.tsx';
import { useConstraintChips } from './use-constraint-chips.ts';

const LABEL = 'Problem: parameters, loss and constraints';

const none: readonly never[] = [];

/** Phones never load it. */
const CodeEditor = lazy(() => import('../../components/editor/code-editor.tsx'));
/** And nothing else does. */
const PlainEditor = lazy(() => import('../../components/editor/plain-editor.tsx'));

const ConstraintList = lazy(() =>
  import('./constraint-list.tsx').then((module) => ({ default: module.ConstraintList })),
);

const TradeOffDialog = onDemand(() =>
  import('./trade-off/trade-off-dialog.tsx').then((module) => module.TradeOffDialog),
);

const IterateConditions = lazy(() =>
  import('./iterate-conditions.tsx').then((module) => ({ default: module.IterateConditions })),
);

/** Diagnostics of the text as it stands; while it is being read, none. */
function useCurrentDiagnostics() {
  const isCurrent = useStore(({ diagnosed, experiment }) => diagnosed?.text === experiment.problem);
  const diagnostics = useStore((store) => store.diagnostics);
  return isCurrent ? diagnostics : none;
}

interface EditorProps {
  /** Where the reader has put the cursor. */
  readonly onCursor: (text: string, position: number) => void;
}

function WaitingText() {
  const text = useStore((store) => store.experiment.problem);
  return <pre className={classes.waiting}>{text}</pre>;
}

const TextEditor = memo(function TextEditor({ onCursor }: EditorProps) {
  const text = useStore((store) => store.experiment.problem);
  const editText = useStore((store) => store.editText);
  const undo = useStore((store) => store.undo);
  const redo = useStore((store) => store.redo);
  const diagnostics = useCurrentDiagnostics();
  const chips = useConstraintChips();
  const { datasets } = useCatalog();
  const data = useStore((store) => store.experiment.data);
  const tables = useMemo(() => knownTables(data), [data]);
  return (
    <div className={classes.editor}>
      <Suspense fallback={<WaitingText />}>
        <CodeEditor
          label={LABEL}
          text={text}
          diagnostics={diagnostics}
          chips={chips}
          datasets={datasets}
          tables={tables}
          onChange={editText}
          onCommand={(changed) => editText(changed, null)}
          onCursor={onCursor}
          onUndo={undo}
          onRedo={redo}
        />
      </Suspense>
    </div>
  );
});

const PlainTextEditor = memo(function PlainTextEditor({ onCursor }: EditorProps) {
  return (
    <Suspense fallback={<WaitingText />}>
      <PlainEditor label={LABEL} className={classes.plain ?? ''} onCursor={onCursor} />
    </Suspense>
  );
});

/** What stands beside a text with errors is of the text before them. */
function StaleNote() {
  const hasErrors = useCurrentDiagnostics().some(({ severity }) => severity === 'error');
  const isShown = useStore(({ study }) => study !== null) && hasErrors;
  return isShown ? (
    <Text size="xs" className={classes.stale ?? ''}>
      The formula, the facts and the picture are still those of the text before it had errors.
    </Text>
  ) : null;
}

/** The editor, and under it a slider while the cursor is in a number. */
function EditedText({ isPlain }: { readonly isPlain: boolean }) {
  const opened = useStore((store) => store.opened); // another experiment has its cursor elsewhere
  const [called, setCalled] = useState<{ readonly place: NumberPlace | null; readonly opened: number } | null>(null);
  const place = called?.opened === opened ? called.place : null;
  const Editor = isPlain ? PlainTextEditor : TextEditor;
  const callAt = useSteady((shown: string, position: number) =>
    setCalled({ place: numberPlace(shown, position), opened }),
  );
  return (
    <>
      <Editor onCursor={callAt} />
      {place && <SlidNumber place={place} onMoved={(moved) => setCalled({ place: moved, opened })} />}
    </>
  );
}

interface SlidNumberProps {
  readonly place: NumberPlace;
  readonly onMoved: (place: NumberPlace) => void;
}

/** In the hand, it is ahead of the text in the editor. */
function SlidNumber({ place, onMoved }: SlidNumberProps) {
  const text = useStoreNow((store) => store.experiment.problem);
  const editText = useStore((store) => store.editText);
  const holdInHand = useStore((store) => store.holdInHand);
  const change = (changed: string, moved: NumberPlace) => {
    editText(changed);
    onMoved(moved);
  };
  const hidesOptimum = useHidden('optimum'); // a teacher asks for it
  const [isTraded, { open, close }] = useDisclosure();
  return (
    <>
      <NumberSlider text={text} place={place} onChange={change} onHeld={holdInHand}>
        {!hidesOptimum && (
          <Tooltip label="Trade-off curve: how the optimum moves with this number">
            <ActionIcon
              size={26}
              variant="subtle"
              color="gray"
              aria-label="Trade-off curve of this number…"
              onClick={open}
            >
              <CurveIcon />
            </ActionIcon>
          </Tooltip>
        )}
      </NumberSlider>
      <TradeOffDialog
        position={place.position}
        isOpen={isTraded}
        onClose={close}
        onChosen={(changed, position) => {
          change(changed, { position, centre: place.centre });
          close();
        }}
      />
    </>
  );
}

export function ProblemPanel({ isPlain }: { readonly isPlain: boolean }) {
  const hidesText = useHidden('editor');
  const hidesFacts = useHidden('facts');
  return (
    <div className={classes.panel}>
      <div className={classes.head}>
        <Text component="h2" className={classes.heading ?? ''}>
          Problem
        </Text>
        {!hidesText && <ProblemTools />}
      </div>
      {hidesText ? (
        <div className={classes.blank} />
      ) : (
        <>
          <EditedText isPlain={isPlain} />
          <Suspense fallback={<div className={classes.listed} />}>
            <ConstraintList isOpenAtFirst={isPlain} />
          </Suspense>
        </>
      )}
      <DiagnosticsList />
      <StaleNote />
      <ProblemFormula />
      {!hidesFacts && <StructureSummary />}
      <Suspense>
        <IterateConditions />
      </Suspense>
    </div>
  );
}
