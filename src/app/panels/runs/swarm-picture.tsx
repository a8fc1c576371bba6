/** The map of a swarm: what became of each point, where the runs of the experiment are on it, and a click that adds one. */
import { Button, Group, SegmentedControl, Stack, Text, useComputedColorScheme } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { MAX_RUNS } from '../../../core/experiment/limits.ts';
import { startEntries } from '../../../core/problem/problem.ts';
import type { SwarmAxis } from '../../../core/run/swarm.ts';
import { Explanation } from '../../components/explanation.tsx';
import { NumberField } from '../../components/number-field.tsx';
import { FigureMenu } from '../../components/plot/figure-menu.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../components/plot/plotly-figure.tsx';
import { type LegendEntry, mapLegend } from '../../figures/map-classes.ts';
import { runStyle } from '../../figures/run-style.ts';
import { swarmHistogram } from '../../figures/swarm-histogram.ts';
import { type MapMark, type MapQuantity, type SwarmMap, swarmMap, withMapLegend } from '../../figures/swarm-map.ts';
import { mapSetting, placeOnMap, runAtPoint, titledAxes } from '../../store/map-point.ts';
import { runName, runNames } from '../../store/run-name.ts';
import type { SwarmPicture } from '../../store/swarm-slice.ts';
import { useCatalog, useResults, useStore, useStoreApi } from '../../store/use-store.ts';
import { MapTable } from './map-table.tsx';

export type Shown = MapQuantity | 'histogram';

type ClickMeaning = 'add' | 'move';

const EXPLANATIONS: Readonly<Record<Shown, string>> = {
  basin:
    'Each cell is one whole run, and its colour says what became of it: cells of one colour, and of one letter, end at the same optimum; grey ones have not arrived after the last step.',
  steps: 'How many steps each run takes until it stays within 0.001 of its end. Cells without a colour never arrive.',
  loss: 'f at the last step of each run. A low loss can be that of a point that is not allowed: see the violation, too. The few that end far above all others share the last colour.',
  violation:
    'The largest violation at the last step of each run, on a logarithmic scale: how far from the feasible set it ends. Cells without a colour diverge.',
  histogram: 'How many of the runs needed how many steps until they stayed within 0.001 of their end.',
};

const TITLES: Readonly<Record<Shown, string>> = {
  basin: 'Where it ends',
  steps: 'How long it takes',
  loss: 'Final loss',
  violation: 'Final violation',
  histogram: 'Steps of those that arrive',
};

interface ClickablePlot extends HTMLElement {
  on?(
    event: 'plotly_click',
    listener: (event: { points: { x: number; y: number }[]; event?: { shiftKey?: boolean } }) => void,
  ): void;
}

function mapOf(
  { sampling, columns, optima, done }: SwarmPicture,
  [across, up]: readonly SwarmAxis[],
  theme: 'light' | 'dark',
  marks: readonly MapMark[],
): SwarmMap | null {
  if (sampling.kind !== 'grid' || !across || !up) return null;
  return {
    ...columns,
    axes: [across, up],
    width: sampling.width,
    height: sampling.count / sampling.width,
    done,
    optima,
    theme,
    marks,
  };
}

/** The runs of the map's method, at their places on it. */
function useMarks({ sampling, run, study }: SwarmPicture, theme: 'light' | 'dark'): readonly MapMark[] {
  const runs = useStore((store) => store.experiment.runs);
  const results = useResults();
  const catalog = useCatalog();
  return useMemo(() => {
    const names = runNames(runs ?? [], catalog);
    return (runs ?? []).flatMap((each, i): MapMark[] => {
      const place =
        each.method === run.method
          ? placeOnMap(each, sampling.axes, study.problem, catalog, results[i]?.job?.settings)
          : null;
      const [x, y] = place ?? [];
      if (x === undefined || y === undefined) return [];
      const style = runStyle(i, theme);
      return [{ label: names[i] ?? '', color: each.color ?? style.color, symbol: style.symbol, place: [x, y] }];
    });
  }, [runs, results, catalog, run, sampling, study, theme]);
}

/** What a click, or the numbers of the fields, do. */
function usePointActions({ run, sampling, study }: SwarmPicture) {
  const store = useStoreApi();
  const catalog = useCatalog();
  const [said, setSaid] = useState('');
  const act = (point: readonly number[], meaning: ClickMeaning) => {
    const { experiment, addRun, changeRun, moveStart } = store.getState();
    const runs = experiment.runs ?? [];
    const made = runAtPoint(run, sampling.axes, point, study.problem, catalog);
    if (meaning === 'add') {
      if (runs.length >= MAX_RUNS) return setSaid(`An experiment has at most ${MAX_RUNS} runs.`);
      addRun(made);
      return setSaid(`Added: ${runName(made, catalog)}.`);
    }
    const start = made.start ?? startEntries(study.problem);
    const position = runs.indexOf(run);
    if (sampling.axes.some((axis) => mapSetting(axis) !== null) && position >= 0)
      changeRun(position, { settings: made.settings, optimizer: made.optimizer });
    if (made.start) moveStart(start);
    setSaid(made.start ? `All runs without a start of their own start there now.` : 'The run has those settings now.');
  };
  return { act, said };
}

export function SwarmMapPicture({ picture, shown }: { readonly picture: SwarmPicture; readonly shown: Shown }) {
  const theme = useComputedColorScheme('light');
  const marks = useMarks(picture, theme);
  const catalog = useCatalog();
  const axes = useMemo(() => titledAxes(picture.sampling.axes, picture.run, catalog), [picture, catalog]);
  const map = useMemo(() => mapOf(picture, axes, theme, marks), [picture, axes, theme, marks]);
  const isEmpty = (shown === 'steps' || shown === 'histogram') && !picture.columns.outcome.includes(1);
  const figure = useMemo(
    () => map && (shown === 'histogram' ? swarmHistogram(map) : swarmMap(map, shown)),
    [map, shown],
  );
  const [plot, setPlot] = useState<Plot | null>(null);
  const [meaning, setMeaning] = useState<ClickMeaning>('add');
  const [isTableOpen, setTableOpen] = useState(false);
  const { act, said } = usePointActions(picture);
  const onClick = useRef<(point: readonly number[], isShifted: boolean) => void>(() => undefined);
  useEffect(() => {
    onClick.current = (point, isShifted) => act(point, isShifted ? 'move' : meaning);
  });
  const onPlot = useCallback((shownPlot: Plot | null) => {
    setPlot(shownPlot);
    (shownPlot?.element as ClickablePlot | undefined)?.on?.('plotly_click', ({ points: [point], event }) => {
      if (point) onClick.current([point.x, point.y], event?.shiftKey === true);
    });
  }, []);
  if (figure === null || map === null) return null;
  if (isEmpty)
    return (
      <Text size="sm">None arrives at an optimum. The final loss and the final violation say where they are.</Text>
    );
  const isMap = shown !== 'histogram';
  return (
    <Stack gap={6}>
      {isMap && (
        <AddByNumbers
          axes={axes}
          hasSettings={picture.sampling.axes.some((axis) => mapSetting(axis) !== null)}
          meaning={meaning}
          onMeaning={setMeaning}
          onPoint={act}
        />
      )}
      <Group gap={4} wrap="nowrap">
        <Text size="xs" fw={600}>
          {TITLES[shown]}
        </Text>
        <Explanation title={TITLES[shown]} text={EXPLANATIONS[shown]} />
        <FigureMenu
          name={TITLES[shown]}
          theme={theme}
          plot={plot}
          figure={() => figure}
          still={async (seen) => (shown === 'basin' ? withMapLegend(seen, map) : seen)}
          onTable={() => setTableOpen(true)}
        />
      </Group>
      <div style={{ height: '44vh', minHeight: 240 }}>
        <PlotlyFigure
          figure={figure}
          label="What became of each start"
          interaction={isMap ? 'plane' : 'chart'}
          onPlot={onPlot}
        />
      </div>
      <Text size="sm" role="status" mih="1.55em">
        {said}
      </Text>
      {shown === 'basin' && <Legend entries={mapLegend(map)} />}
      {isTableOpen && <MapTable map={map} isHistogram={!isMap} onClose={() => setTableOpen(false)} />}
    </Stack>
  );
}

const Legend = ({ entries }: { readonly entries: readonly LegendEntry[] }) => (
  <Group gap="2px 16px" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
    {entries.map(({ color, mark, words, count }) => (
      <Group key={words} component="li" gap={6} wrap="nowrap">
        <span
          style={{ width: 12, height: 12, borderRadius: 2, background: color, forcedColorAdjust: 'none' }}
          aria-hidden
        />
        <Text size="xs" fw={700} miw="0.8em" ta="center" aria-hidden>
          {mark}
        </Text>
        <Text size="xs">
          {words} · {count.toLocaleString('en')}
        </Text>
      </Group>
    ))}
  </Group>
);

interface AddByNumbersProps {
  readonly axes: readonly SwarmAxis[];
  readonly hasSettings: boolean;
  readonly meaning: ClickMeaning;
  readonly onMeaning: (meaning: ClickMeaning) => void;
  readonly onPoint: (point: readonly number[], meaning: ClickMeaning) => void;
}

/** What a click does, and the same without one. */
function AddByNumbers({ axes, hasSettings, meaning, onMeaning, onPoint }: AddByNumbersProps) {
  const [point, setPoint] = useState(() =>
    axes.map(({ from, to, scale }) => (scale === 'log' ? Math.sqrt(from * to) : (from + to) / 2)),
  );
  return (
    <Group gap="xs" align="flex-end">
      <div>
        <Text size="xs" mb={4}>
          A click on the map
        </Text>
        <SegmentedControl
          size="xs"
          aria-label="What a click on the map does"
          value={meaning}
          onChange={(chosen) => onMeaning(chosen as ClickMeaning)}
          data={[
            { value: 'add', label: 'adds a run' },
            { value: 'move', label: hasSettings ? 'changes the run' : 'moves the start' },
          ]}
        />
      </div>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        {axes.map(({ name, scale }, i) => (
          <NumberField
            key={name}
            label={name}
            size="xs"
            flex="0 1 92px"
            miw={0}
            value={Number((point[i] ?? 0).toPrecision(4))}
            range={[scale === 'log' ? 1e-12 : -1e9, 1e9]}
            step={(value, direction) => value + direction * Math.max(0.1, Math.abs(value) / 10)}
            onCommit={(value) => setPoint(point.map((other, k) => (k === i ? value : other)))}
          />
        ))}
        <Button size="xs" variant="default" flex="none" onClick={() => onPoint(point, meaning)}>
          {meaning === 'add' ? 'Add a run there' : hasSettings ? 'Change the run' : 'Start there'}
        </Button>
      </Group>
    </Group>
  );
}
