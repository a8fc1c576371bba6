/** One run: how it looks, how it stands and, when it is open, how it is made. */
import { ActionIcon, Collapse, Menu, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, memo, Suspense, use, useDeferredValue } from 'react';
import type { RunJson } from '../../../core/experiment/experiment.ts';
import { FixButton } from '../../components/fix-button.tsx';
import { EyeIcon, EyeOffIcon, MoreIcon } from '../../components/icons.tsx';
import { onDemand } from '../../components/on-demand.tsx';
import { RunSwatch } from '../../components/run-swatch.tsx';
import { ToneDot } from '../../components/tone-dot.tsx';
import { entries } from '../../entries.ts';
import { shortNumber } from '../../number-text.ts';
import { useHidden } from '../../store/hidden-parts.ts';
import { noiseOf } from '../../store/noise.ts';
import { resultsByRun } from '../../store/results.ts';
import { proposeRun, withAutomaticRate } from '../../store/run-edits.ts';
import type { RunResult } from '../../store/run-slice.ts';
import type { StoreApi } from '../../store/store.ts';
import { lastRecord } from '../../store/trajectory.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import { verdictOf } from '../../store/verdict.ts';
import { isInapplicable, mendedSettings, mendInWords } from '../../store/wrong-settings.ts';
import type { Study } from '../../study.ts';
import classes from './run-card.module.css';

const RunSettings = lazy(() => import('./run-settings.tsx').then((module) => ({ default: module.RunSettings })));
const RestAdvice = lazy(() => import('./rest-advice.tsx'));
const SweepDialog = onDemand(() => import('./sweep-dialog.tsx').then((module) => module.SweepDialog));

/** Before the first answer. */
const COMPUTING = { tone: 'busy', title: 'Computing', detail: '' } as const;

interface RunCardProps {
  readonly run: RunJson;
  readonly index: number;
  readonly name: string;
}

/** For a run that was refused: a method that applies to the problem, or settings that the method takes. */
function Remedy({ run, index }: { readonly run: RunJson; readonly index: number }) {
  const catalog = useCatalog();
  const runs = useStore((store) => store.experiment.runs);
  const study = useStore((store) => store.study);
  const chooseMethod = useStore((store) => store.chooseMethod);
  if (study === null) return null;
  if (!isInapplicable(run, study)) {
    return (
      <Suspense>
        <ResetSettings run={run} index={index} study={study} />
      </Suspense>
    );
  }
  const proposal = proposeRun(runs ?? [], study);
  const entry = catalog.methods.find(({ id }) => id === proposal?.method);
  return entry ? <FixButton title={`Use ${entry.title}`} onClick={() => chooseMethod(index, entry.id)} /> : null;
}

function ResetSettings({ run, index, study }: Pick<RunCardProps, 'run' | 'index'> & { readonly study: Study }) {
  const changeRun = useStore((store) => store.changeRun);
  const catalog = use(entries());
  const mended = mendedSettings(run, study, catalog);
  return mended && <FixButton title={mendInWords(run, mended, catalog)} onClick={() => changeRun(index, mended)} />;
}

/** For a run that went off with a learning rate of its own. */
function AutomaticRate({ run, index }: { readonly run: RunJson; readonly index: number }) {
  const catalog = useCatalog();
  const changeRun = useStore((store) => store.changeRun);
  const calmer = withAutomaticRate(run, catalog);
  return calmer && <FixButton title="Try the automatic learning rate" onClick={() => changeRun(index, calmer)} />;
}

/** Whether the loss was a number at the start: then it is the steps that are to blame. */
const wentOff = ({ end, trajectory }: RunResult): boolean =>
  (end?.status === 'diverged' || end?.status === 'non-finite') &&
  Number.isFinite(trajectory?.measures.loss[0] ?? Number.NaN);

const NO_RUNS: readonly RunJson[] = [];

/** What a run gave is said after the figures, and in turns: while a number is dragged, the hand comes first. */
function Outcome({ index }: { readonly index: number }) {
  const newest = useStore((store) => store.picture);
  const picture = useDeferredValue(newest);
  const runs = useStore((store) => store.experiment.runs) ?? NO_RUNS;
  const result = resultsByRun(picture, runs)[index] ?? null;
  const isComputing = useStore(({ phase, started }) => phase === 'running' && started?.runs[index] !== undefined);
  const isComing = isComputing || newest !== picture;
  const { tone, title, detail } = result === null && isComing ? COMPUTING : verdictOf(result);
  const sense = picture?.study.problem.sense ?? 'minimize';
  const noise = result?.job ? noiseOf(result.job) : null;
  const last = result?.trajectory ? lastRecord(result.trajectory, sense) : null;
  return (
    <div className={classes.outcome}>
      <Text size="xs" component="div" className={classes.verdict ?? ''}>
        <ToneDot tone={tone} />
        <span className={classes.verdictTitle}>{title}</span>
        {last !== null && <span className={classes.step}>step {last.step.toLocaleString('en')}</span>}
      </Text>
      {last !== null && (
        <dl className={classes.numbers}>
          <div>
            <dt>{sense === 'maximize' ? 'Objective' : 'Loss'}</dt>
            <dd>{shortNumber(last.loss)}</dd>
          </div>
          <div>
            <dt>Violation</dt>
            <dd>{shortNumber(last.violation, 3)}</dd>
          </div>
          <div>
            <dt title="Norm of the gradient of the Lagrangian">Stationarity</dt>
            <dd>{shortNumber(last.stationarity, 3)}</dd>
          </div>
        </dl>
      )}
      {noise !== null && (
        <Text size="xs" c="dimmed" mt={4}>
          {noise}
        </Text>
      )}
      {(tone === 'bad' || tone === 'warning') && detail !== '' && (
        <Text size="xs" className={classes.detail ?? ''} data-tone={tone}>
          {detail}
        </Text>
      )}
      {result !== null && picture !== null && (
        <Suspense>
          <RestAdvice result={result} study={picture.study} index={index} />
        </Suspense>
      )}
      {result !== null && wentOff(result) && <AutomaticRate run={result.run} index={index} />}
      {result !== null && result.job === null && <Remedy run={result.run} index={index} />}
    </div>
  );
}

/** The clipboard is asked at once: a browser may refuse what comes after a click. */
function copyFinal(store: StoreApi, index: number): void {
  const text = import('../../library/final-parameters.ts').then(
    ({ finalAsNumpy }) => new Blob([finalAsNumpy(store.getState(), index)], { type: 'text/plain' }),
  );
  void navigator.clipboard.write([new ClipboardItem({ 'text/plain': text })]);
}

const Actions = memo(function Actions({
  run,
  index,
  name,
  isVisible,
}: {
  readonly run: RunJson;
  readonly index: number;
  readonly name: string;
  readonly isVisible: boolean;
}) {
  const changeRun = useStore((store) => store.changeRun);
  const duplicateRun = useStore((store) => store.duplicateRun);
  const removeRun = useStore((store) => store.removeRun);
  const store = useStoreApi();
  const [isSweeping, sweep] = useDisclosure();
  return (
    <>
      <Tooltip label={isVisible ? 'Hide' : 'Show'}>
        <ActionIcon
          color="gray"
          aria-label={`Show ${name} in the figures`}
          aria-pressed={isVisible}
          onClick={() => changeRun(index, { visible: isVisible ? false : undefined })}
        >
          {isVisible ? <EyeIcon /> : <EyeOffIcon />}
        </ActionIcon>
      </Tooltip>
      <Menu>
        <Menu.Target>
          <ActionIcon color="gray" aria-label={`More for ${name}`}>
            <MoreIcon />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => duplicateRun(index)}>Duplicate</Menu.Item>
          <Menu.Item onClick={sweep.open}>Sweep a setting…</Menu.Item>
          <Menu.Item onClick={() => copyFinal(store, index)}>Copy the final parameters as NumPy</Menu.Item>
          <Menu.Item color="red" onClick={() => removeRun(index)}>
            Remove
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <SweepDialog run={run} index={index} isOpen={isSweeping} onClose={sweep.close} />
    </>
  );
});

export const RunCard = memo(function RunCard({ run, index, name }: RunCardProps) {
  const isOpen = useStore((store) => store.selectedRun === index);
  const selectRun = useStore((store) => store.selectRun);
  const changeRun = useStore((store) => store.changeRun);
  const hidesVerdict = useHidden('verdicts');
  const isVisible = run.visible !== false;
  return (
    <li className={classes.card} data-open={isOpen || undefined} data-hidden={!isVisible || undefined}>
      <div className={classes.head}>
        <RunSwatch index={index} color={run.color} name={name} onChange={(color) => changeRun(index, { color })} />
        {isOpen ? (
          <TextInput
            className={classes.label ?? ''}
            variant="unstyled"
            aria-label="Name of the run"
            placeholder={name}
            value={run.label ?? ''}
            onChange={({ currentTarget: { value } }) => changeRun(index, { label: value === '' ? undefined : value })}
          />
        ) : (
          <UnstyledButton className={classes.label ?? ''} aria-expanded={false} onClick={() => selectRun(index)}>
            {name}
          </UnstyledButton>
        )}
        <Actions run={run} index={index} name={name} isVisible={isVisible} />
      </div>
      {!hidesVerdict && <Outcome index={index} />}
      <Collapse expanded={isOpen} transitionDuration={120}>
        {isOpen && (
          <Suspense>
            <RunSettings run={run} index={index} />
          </Suspense>
        )}
      </Collapse>
    </li>
  );
});
