/** Arrows on the lines of the constraints, in a picture of two entries: dragged, they write the number in the text. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { at } from '../../../core/diagnostic.ts';
import { LineHandle } from '../../components/plot/line-handle.tsx';
import type { Plot } from '../../components/plot/plot-host.ts';
import { handUnit, type Point, usePlotArea } from '../../components/plot/plot-point.ts';
import { useSameEntries } from '../../components/plot/use-same-entries.ts';
import { useSteady } from '../../components/use-steady.ts';
import type { Scene } from '../../figures/scene.ts';
import type { StoreApi } from '../../store/store.ts';
import { useStoreApi, useStoreNow } from '../../store/use-store.ts';
import { constraintGrips, type Grip, gripId } from './constraint-grips.ts';

interface ConstraintHandlesProps {
  readonly plot: Plot;
  readonly scene: Scene;
  /** While a hand moves the start, the places keep out of its way where it was. */
  readonly isStartHeld: boolean;
  /** Resolves once the runs of the text as it is now are shown. */
  readonly onMoved: () => Promise<void>;
}

type Rows = typeof import('../../store/constraint-move.ts');

/** Loaded with the first picture that has lines to take. */
function useRows(): Rows | null {
  const [rows, setRows] = useState<Rows | null>(null);
  useEffect(() => {
    let isWanted = true;
    void import('../../store/constraint-move.ts').then((loaded) => isWanted && setRows(loaded));
    return () => {
      isWanted = false;
    };
  }, []);
  return rows;
}

/** Rows of the current text that restrict the shown entries alone; null while the text is being read. */
function rowsNow({ constraintRows }: Rows, store: StoreApi, axes: readonly number[]) {
  const { study, studied, experiment, moment } = store.getState();
  if (study === null || studied?.text !== experiment.problem) return null;
  const { constraints } = study.structure;
  const isWanted = (index: number) => at(constraints, index).coordinates.every((entry) => axes.includes(entry));
  return constraintRows(studied.text, study.problem, moment ?? STILL, ({ index }) => isWanted(index));
}

const STILL = { step: 0, steps: 1 };

const NOWHERE: readonly number[] = [];

/** Handles are 28 pixels wide: no two of them lie over each other. */
const APART_PX = 30;

export function ConstraintHandles({ plot, scene, isStartHeld, onMoved }: ConstraintHandlesProps) {
  const [first, second] = scene.axes;
  const store = useStoreApi();
  /** Of another start it is the same. */
  const around = useStoreNow(({ study }) => study?.landscape ?? study);
  const moment = useStoreNow((state) => state.moment);
  const window = useStoreNow((state) => state.window);
  const editText = useStoreNow((state) => state.editText);
  const holdInHand = useStoreNow((state) => state.holdInHand);
  const module = useRows();
  const [left, setLeft] = useState<ReadonlyMap<string, Point>>(new Map());
  const area = usePlotArea(plot); // the arrows turn with the scales
  const apart = area ? APART_PX / Math.max(1, Math.round(Math.min(area.width, area.height))) : 1;
  const optimum = useSameEntries(scene.optimum ?? NOWHERE);
  const settled = useRef(scene.start);
  if (!isStartHeld) settled.current = scene.start;
  const start = settled.current;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the study and the step are read from the store
  const found = useMemo(() => {
    if (module === null || second === undefined || around === null || window === null) return [];
    if (window.plane || window.axes[0] !== first || window.axes[1] !== second) return [];
    const rows = rowsNow(module, store, [first, second]);
    const seen = (x: readonly number[]): Point => [x[first] ?? Number.NaN, x[second] ?? Number.NaN];
    const taken = [seen(start), ...(optimum.length > 0 ? [seen(optimum)] : [])];
    const request = {
      axes: [first, second],
      window: [window.x, window.y],
      x: start,
      taken,
      apart,
      left,
    } as const;
    return rows ? constraintGrips(rows, request) : null; // the text is being read: a line in a hand stays there
  }, [module, store, around, moment, window, first, second, start, optimum, apart, left]);
  const kept = useRef<readonly Grip[]>([]);
  if (found !== null) kept.current = found;
  const grips = kept.current;
  const move = useSteady(async (grip: Grip, point: Point) => {
    await store.getState().examine(); // a text that is being read has no rows yet
    const rows = module && second !== undefined ? rowsNow(module, store, [first, second]) : null;
    if (rows === null || second === undefined || window === null) return;
    const x = scene.start.map((entry, i) => (i === first ? point[0] : i === second ? point[1] : entry));
    const text = rows.through(grip, x, [
      { entry: first, by: handUnit(window.x[1] - window.x[0]) },
      { entry: second, by: handUnit(window.y[1] - window.y[0]) },
    ]);
    if (text === null) return;
    editText(text, `constraint ${gripId(grip)}`);
    setLeft((before) => new Map(before).set(gripId(grip), point));
    await onMoved();
  });
  return useMemo(
    () =>
      grips.map((grip) => (
        <LineHandle
          key={gripId(grip)}
          plot={plot}
          text={grip.text}
          line={grip.line}
          point={grip.point}
          normal={grip.normal}
          onMove={(point) => move(grip, point)}
          onHeld={holdInHand}
        />
      )),
    [grips, plot, move, holdInHand],
  );
}
