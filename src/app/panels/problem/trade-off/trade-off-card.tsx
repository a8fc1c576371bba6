/** One picture of a trade-off: its title, what it means, its curves and their names. */
import { Group, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { TradeOffCurve } from '../../../../core/experiment/trade-off/trade-off.ts';
import { Explanation } from '../../../components/explanation.tsx';
import { FigureMenu } from '../../../components/plot/figure-menu.tsx';
import type { Plot } from '../../../components/plot/plot-host.ts';
import { PlotlyFigure } from '../../../components/plot/plotly-figure.tsx';
import { RunSample } from '../../../components/run-sample.tsx';
import { useSteady } from '../../../components/use-steady.ts';
import type { Figure } from '../../../figures/figure.ts';
import { curveStyle, shownCurves, tradeOffFigure, withVerticalTitle } from '../../../figures/trade-off-figure.ts';
import classes from './trade-off-dialog.module.css';

export interface TradeOffCardProps {
  readonly title: string;
  readonly explanation: string;
  readonly curves: readonly TradeOffCurve[];
  readonly shared: {
    readonly across: readonly number[];
    readonly current: number;
    /** What it is called. */
    readonly number: string;
    readonly isByRatios: boolean;
    readonly theme: 'light' | 'dark';
    readonly onTable: () => void;
    readonly onPick: (value: number) => void;
  };
}

interface ClickablePlot extends HTMLElement {
  on?(event: 'plotly_click', listener: (event: { points: { x: number }[] }) => void): void;
}

export function TradeOffCard({ title, explanation, curves, shared }: TradeOffCardProps) {
  const { across, current, number, isByRatios, theme, onTable, onPick } = shared;
  const [plot, setPlot] = useState<Plot | null>(null);
  const shown = useMemo(() => shownCurves(curves), [curves]);
  const figure = useMemo(
    () => tradeOffFigure({ across, curves: shown, number, current, isByRatios }, theme),
    [across, shown, number, current, isByRatios, theme],
  );
  const pick = useSteady(onPick);
  const keep = useSteady((drawn: Plot | null) => {
    setPlot(drawn);
    (drawn?.element as ClickablePlot | undefined)?.on?.('plotly_click', ({ points: [point] }) => {
      if (point) pick(point.x);
    });
  });
  const drawn = useSteady(() => figure);
  const still = useSteady(async (seen: Figure) => withVerticalTitle(seen, title));
  const left = curves.length - shown.length;
  return (
    <div className={classes.card}>
      <Group gap={4} wrap="nowrap">
        <Text size="xs" fw={600}>
          {title}
        </Text>
        <Explanation title={title} text={explanation} />
        <FigureMenu name={title} theme={theme} plot={plot} figure={drawn} still={still} onTable={onTable} />
      </Group>
      <div className={classes.plot}>
        <PlotlyFigure figure={figure} interaction="chart" label={`${title} against ${number}`} onPlot={keep} />
      </div>
      {curves.length > 1 && (
        <ul className={classes.names}>
          {shown.map(({ name }, i) => (
            <li key={name}>
              <RunSample {...curveStyle(i, shown.length, theme)} />
              {name}
            </li>
          ))}
          {left > 0 && <li>{left} more in the table: they move less, or are 0 throughout</li>}
        </ul>
      )}
    </div>
  );
}
