/** The optima along a range of one number, found one after another. */
import { useEffect, useState } from 'react';
import {
  type Spacing,
  type TradeOffPoint,
  textsAlong,
  valuesAlong,
} from '../../../../core/experiment/trade-off/trade-off.ts';
import type { WrittenNumber } from '../../../../core/language/number-at.ts';
import { useStore } from '../../../store/use-store.ts';

export interface Range {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly spacing: Spacing;
}

/** The picture is drawn anew at most so often while values come in. */
const REDRAWN_MS = 150;

/** Coarse to fine: the ends, the middle, the quarters, so that the whole curve is seen early. */
function coarseToFine(count: number): number[] {
  const order: number[] = [];
  const isTaken = new Set<number>();
  const take = (i: number) => {
    if (!isTaken.has(i)) order.push(i);
    isTaken.add(i);
  };
  for (let stride = 2 ** Math.ceil(Math.log2(Math.max(1, count - 1))); stride >= 1; stride /= 2)
    for (let i = 0; i < count; i += stride) take(i);
  take(count - 1);
  return order;
}

export interface Found {
  readonly points: readonly TradeOffPoint[];
  readonly wanted: number;
}

/** The optima along a range of the number, found coarse to fine; begun again where the range is another one. */
export function useTradeOff(text: string, number: WrittenNumber, range: Range, isLeft: boolean): Found {
  const optima = useStore((store) => store.optima);
  const [found, setFound] = useState<Found>({ points: [], wanted: 0 });
  useEffect(() => {
    if (isLeft) return undefined;
    const { from, to, count, spacing } = range;
    const all = valuesAlong(from, to, count, spacing);
    const values = coarseToFine(count).flatMap((i) => all[i] ?? []);
    const points: TradeOffPoint[] = [];
    const controller = new AbortController();
    const show = () => setFound({ points: [...points], wanted: values.length });
    show();
    const timer = setInterval(show, REDRAWN_MS);
    void optima(
      textsAlong(text, number.span, values),
      (i, of) => points.push({ value: values[i] ?? Number.NaN, found: of }),
      controller.signal,
    ).then(() => {
      clearInterval(timer);
      if (!controller.signal.aborted) show();
    });
    return () => {
      clearInterval(timer);
      controller.abort();
    };
  }, [optima, text, number, range, isLeft]);
  return found;
}
