/** How a run is made: method, optimizer, steps, and the settings that they declare. */
import { Button, Group, NativeSelect, Select, Text } from '@mantine/core';
import { memo, type ReactNode, Suspense, use, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { Settings } from '../../../core/contracts.ts';
import { caveatFor } from '../../../core/experiment/advice/caveat.ts';
import { DEFAULT_OPTIMIZER, DEFAULT_STEPS } from '../../../core/experiment/defaults.ts';
import type { RunJson, SettingsJson } from '../../../core/experiment/experiment.ts';
import { STEPS_RANGE } from '../../../core/experiment/limits.ts';
import { startEntries } from '../../../core/problem/problem.ts';
import { NumberField } from '../../components/number-field.tsx';
import { SettingControl } from '../../components/setting-control.tsx';
import { entries } from '../../entries.ts';
import { resultsByRun } from '../../store/results.ts';
import { matters, type SettingOwner } from '../../store/run-edits.ts';
import type { Store } from '../../store/store.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import { StartFields } from '../stage/start-button.tsx';
import { EntryInfo } from './entry-info.tsx';
import classes from './run-card.module.css';

/** Of many settings the first are shown; the rest on demand, or when one of them was given. */
const SHOWN_SETTINGS = 3;

interface RunSettingsProps {
  readonly run: RunJson;
  readonly index: number;
}

const Row = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <div className={classes.row}>
    <span className={classes.rowTitle}>{title}</span>
    {children}
  </div>
);

/** Why a method does not apply, by its id. */
const reasonsOf = ({ study }: Store): ReadonlyMap<string, string> =>
  new Map(
    (study?.methods ?? []).flatMap(({ id, supported, reason = '' }) => (supported ? [] : [[id, reason] as const])),
  );

const MethodSelect = memo(function MethodSelect({ run, index }: RunSettingsProps) {
  const { methods } = useCatalog();
  const reasons = useStore(useShallow(reasonsOf));
  const chooseMethod = useStore((store) => store.chooseMethod);
  const method = methods.find(({ id }) => id === run.method);
  const options = methods.map(({ id, title }) => ({ value: id, label: title, disabled: reasons.has(id) }));
  const unknown = method ? [] : [{ value: run.method, label: `${run.method} (unknown here)`, disabled: true }];
  return (
    <Row title="Method">
      <Select
        aria-label="Method"
        className={classes.grow ?? ''}
        data={[...options, ...unknown]}
        value={run.method}
        maxDropdownHeight={420}
        comboboxProps={{ width: 320, position: 'bottom-end', shadow: 'md' }}
        renderOption={({ option }) => (
          <div>
            <div>{option.label}</div>
            {reasons.get(option.value) && <div className={classes.reason}>{reasons.get(option.value)}</div>}
          </div>
        )}
        onChange={(id) => id !== null && chooseMethod(index, id)}
      />
      {method && <EntryInfo entry={method} formula={method.formula} />}
    </Row>
  );
});

const OptimizerSelect = memo(function OptimizerSelect({ run, index }: RunSettingsProps) {
  const { optimizers } = useCatalog();
  const chooseOptimizer = useStore((store) => store.chooseOptimizer);
  const kind = run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind;
  const optimizer = optimizers.find(({ id }) => id === kind);
  const unknown = optimizer ? [] : [{ value: kind, label: `${kind} (unknown here)`, disabled: true }];
  return (
    <Row title="Optimizer">
      <Select
        aria-label="Optimizer"
        className={classes.grow ?? ''}
        data={[...optimizers.map(({ id, title }) => ({ value: id, label: title })), ...unknown]}
        value={kind}
        onChange={(id) => id !== null && chooseOptimizer(index, id)}
      />
      {optimizer && <EntryInfo entry={optimizer} />}
    </Row>
  );
});

/** Where the optimizer keeps the method from the optimum: said before the run. */
function Caveat({ run }: { readonly run: RunJson }) {
  const { methods, optimizers } = use(entries());
  const structure = useStore((store) => store.study?.structure);
  const method = methods.find(({ id }) => id === run.method);
  const optimizer = optimizers.find(({ id }) => id === (run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind));
  const caveat = structure && method && optimizer && caveatFor(structure, method, optimizer, run.settings ?? {});
  return caveat ? (
    <Text size="xs" c="dimmed" className={classes.caveat ?? ''}>
      {caveat}
    </Text>
  ) : null;
}

const NONE: Readonly<Record<string, never>> = {};

interface DeclaredProps {
  readonly owner: SettingOwner;
  readonly index: number;
  readonly declared: Settings;
  readonly given: SettingsJson;
  /** What automatic settings came to in the last run, by name. */
  readonly automatic?: Readonly<Record<string, number>> | undefined;
}

const DeclaredSettings = memo(function DeclaredSettings({
  owner,
  index,
  declared,
  given,
  automatic = NONE,
}: DeclaredProps) {
  const changeSetting = useStore((store) => store.changeSetting);
  const [showsAll, setShowsAll] = useState(false);
  const names = Object.keys(declared).filter((name) => matters(name, declared, given));
  const isGiven = (name: string | undefined) => name !== undefined && given[name] !== undefined;
  const shown = names.filter(
    (name, i) => showsAll || i < SHOWN_SETTINGS || isGiven(name) || isGiven(declared[name]?.onlyWith?.setting),
  );
  return (
    <>
      {shown.map((name) => {
        const setting = declared[name];
        return (
          setting && (
            <SettingControl
              key={name}
              setting={setting}
              given={given[name]}
              automatic={automatic[`${owner}.${name}`]}
              onChange={(value) => changeSetting(index, owner, name, value)}
            />
          )
        );
      })}
      {names.length > shown.length && (
        <Button
          size="compact-xs"
          variant="subtle"
          c="dimmed"
          className={classes.more ?? ''}
          onClick={() => setShowsAll(true)}
        >
          {names.length - shown.length} more
        </Button>
      )}
    </>
  );
});

const STARTS = [
  { value: 'text', label: 'as the text says' },
  { value: 'own', label: 'its own' },
];

/** A run begins where the text says, or has a start of its own. */
function OwnStart({ run: { start }, index }: RunSettingsProps) {
  const changeRun = useStore((store) => store.changeRun);
  const size = useStore((store) => store.picture?.study.problem.size);
  const store = useStoreApi();
  if (size === undefined) return null;
  const choose = (chosen: string) => {
    const problem = store.getState().picture?.study.problem;
    changeRun(index, { start: chosen === 'own' && problem ? startEntries(problem) : undefined });
  };
  return (
    <>
      <Row title="Start">
        <NativeSelect
          aria-label="Start of this run"
          size="xs"
          className={classes.grow ?? ''}
          data={STARTS}
          value={start === undefined ? 'text' : 'own'}
          onChange={(event) => choose(event.currentTarget.value)}
        />
      </Row>
      {start?.length === size && (
        <StartFields start={start} onStart={async (values) => changeRun(index, { start: [...values] })} />
      )}
    </>
  );
}

/** Drawn anew where the run changes or a number that was chosen for it, and not with each result: a start that is dragged gives many. */
export const RunSettings = memo(function RunSettings({ run, index }: RunSettingsProps) {
  const { methods, optimizers } = useCatalog();
  const changeRun = useStore((store) => store.changeRun);
  const automatic = useStore(
    useShallow(({ picture, experiment }) => resultsByRun(picture, experiment.runs ?? [])[index]?.job?.automatic),
  );
  const method = methods.find(({ id }) => id === run.method);
  const optimizer = optimizers.find(({ id }) => id === (run.optimizer?.kind ?? DEFAULT_OPTIMIZER.kind));
  return (
    <div className={classes.settings}>
      <MethodSelect run={run} index={index} />
      {method && (
        <DeclaredSettings
          key={run.method}
          owner="method"
          index={index}
          declared={method.settings}
          given={run.settings ?? NONE}
          automatic={automatic}
        />
      )}
      {method?.optimizer !== 'none' && <OptimizerSelect run={run} index={index} />}
      <Suspense>
        <Caveat run={run} />
      </Suspense>
      {method?.optimizer !== 'none' && optimizer && (
        <DeclaredSettings
          key={optimizer.id}
          owner="optimizer"
          index={index}
          declared={optimizer.settings}
          given={run.optimizer ?? DEFAULT_OPTIMIZER}
          automatic={automatic}
        />
      )}
      <OwnStart run={run} index={index} />
      <Row title="Steps">
        <Group justify="flex-end" className={classes.grow ?? ''}>
          <NumberField
            aria-label="Steps"
            className={classes.steps ?? ''}
            value={run.steps ?? DEFAULT_STEPS}
            range={STEPS_RANGE}
            isWhole
            step={(value, direction) => value + direction * 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)}
            onCommit={(steps) => changeRun(index, { steps })}
          />
        </Group>
      </Row>
    </div>
  );
});
