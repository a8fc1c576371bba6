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
import type { Study } from '../../study.ts';
import { constraintGrips, followingGrips, type Grip, type GripsRequest, gripId } from './constraint-grips.ts';

interface ConstraintHandlesProps {
  readonly plot: Plot;
  readonly scene: Scene;
  /** While a hand moves the start, the places keep out of its way where it was. */
  readonly isStartHeld: boolean;
  /** Resolves once the runs of the text as it is now are shown. */
  readonly onMoved: () => Promise<void>;
}

type RecordRows = typeof import('../../store/constraint-move.ts').constraintRows;
type RowsOf = (study: Study, text: string, axes: readonly number[]) => ReturnType<RecordRows>;

/** Rows that restrict the shown entries alone; recorded once for a study and its axes. */
function recordingOnce(record: RecordRows): RowsOf {
  let known: { readonly study: Study; readonly axes: string; readonly rows: ReturnType<RecordRows> } | null = null;
  return (study, text, axes) => {
    if (known?.study === study && known.axes === axes.join(' ')) return known.rows;
    const { constraints } = study.structure;
    const isWanted = (index: number) => at(constraints, index).coordinates.every((entry) => axes.includes(entry));
    const rows = record(text, study.problem, ({ index }) => isWanted(index));
    known = { study, axes: axes.join(' '), rows };
    return rows;
  };
}

/** Loaded with the first picture that has lines to take. */
function useRows(): RowsOf | null {
  const [rows, setRows] = useState<RowsOf | null>(null);
  useEffect(() => {
    let isWanted = true;
    void import('../../store/constraint-move.ts').then(
      ({ constraintRows }) => isWanted && setRows(() => recordingOnce(constraintRows)),
    );
    return () => {
      isWanted = false;
    };
  }, []);
  return rows;
}

/** Of the current text; null while it is being read, and while the picture, and with it x, is still of a text with more or fewer parameters. */
function rowsNow(rowsOf: RowsOf, store: StoreApi, { axes, x }: Pick<GripsRequest, 'axes' | 'x'>) {
  const { study, studied, experiment, moment } = store.getState();
  if (study === null || studied?.text !== experiment.problem || study.problem.size !== x.length) return null;
  return rowsOf(study, studied.text, axes)(moment ?? STILL);
}

/** So long a step is shown before the lines that moved are looked through for their best places. */
const REST_MS = 250;

/** The newest of values that stayed for a while. */
function useRested<Value>(value: Value): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), REST_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
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
  const rowsOf = useRows();
  const rested = useRested(moment);
  const [left, setLeft] = useState<ReadonlyMap<string, Point>>(new Map());
  const area = usePlotArea(plot); // the arrows turn with the scales
  const apart = area ? APART_PX / Math.max(1, Math.round(Math.min(area.width, area.height))) : 1;
  const optimum = useSameEntries(scene.optimum ?? NOWHERE);
  const settled = useRef(scene.start);
  if (!isStartHeld) settled.current = scene.start;
  const start = settled.current;
  const isHere = window !== null && !window.plane && window.axes[0] === first && window.axes[1] === second;
  const ranges = useSameEntries(isHere ? [...window.x, ...window.y] : NOWHERE); // a window is told anew after each drawing
  const request = useMemo(() => {
    if (around === null || second === undefined || ranges.length === 0) return null;
    const [fromX = 0, toX = 0, fromY = 0, toY = 0] = ranges;
    const shown = [
      [fromX, toX],
      [fromY, toY],
    ] as const;
    const seen = (x: readonly number[]): Point => [x[first] ?? Number.NaN, x[second] ?? Number.NaN];
    const taken = [seen(start), ...(optimum.length > 0 ? [seen(optimum)] : [])];
    return { axes: [first, second], window: shown, x: start, taken, apart, left } as const;
  }, [around, ranges, first, second, start, optimum, apart, left]);
  const kept = useRef<readonly Grip[]>([]);
  /** What they were looked for with. */
  const lookedFor = useRef(request);
  const found = useMemo(() => {
    if (rowsOf === null || request === null) return [];
    const rows = rowsNow(rowsOf, store, request);
    if (!rows) return null; // the text is being read: a line in a hand stays there
    const isMoving = moment !== rested && lookedFor.current === request;
    const following = isMoving ? followingGrips(rows, kept.current, request) : null;
    lookedFor.current = request;
    return following ?? constraintGrips(rows, request);
  }, [rowsOf, store, moment, rested, request]);
  if (found !== null) kept.current = found;
  const grips = kept.current;
  const move = useSteady(async (grip: Grip, point: Point) => {
    await store.getState().examine(); // a text that is being read has no rows yet
    const rows =
      rowsOf && second !== undefined ? rowsNow(rowsOf, store, { axes: [first, second], x: scene.start }) : null;
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
