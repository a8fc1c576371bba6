/** Keeps one Plotly graph in one element: loads it on first need, draws the newest figure, never while a finger is down. */
import type { Config, PlotlyHTMLElement } from 'plotly.js';
import type { Figure } from '../../figures/figure.ts';
import { pageClock } from '../../pace.ts';
import type { drawInSteps } from './drawing-steps.ts';
import { drawingTurns, type Turn } from './drawing-turns.ts';
import { viewOf, withViewOf } from './plot-view.ts';
import { type Projector, planeProjector } from './projector.ts';

/** What the reader can do with a figure; it also says which traces it needs. */
export type Interaction = 'plane' | 'space' | 'chart';

type Plotly = typeof import('plotly.js').default;

interface Drawing {
  readonly default: Plotly;
  readonly drawInSteps: typeof drawInSteps;
  /** In space. */
  readonly spaceProjector?: (element: HTMLElement) => Projector | null;
  readonly onCamera?: (element: HTMLElement, listener: () => void) => () => void;
}

const load: Readonly<Record<Interaction, () => Promise<Drawing>>> = {
  plane: () => import('./plotly-2d.ts'),
  chart: () => import('./plotly-2d.ts'),
  space: () => import('./plotly-3d.ts'),
};

const shared: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: true,
  displayModeBar: 'hover',
  doubleClick: 'reset',
  showTips: false,
  toImageButtonOptions: { format: 'png', filename: 'feasible', scale: 2 },
};

const configs: Readonly<Record<Interaction, Partial<Config>>> = {
  plane: {
    ...shared,
    scrollZoom: 'cartesian',
    modeBarButtons: [['zoomIn2d', 'zoomOut2d', 'resetScale2d'], ['toImage']],
  },
  space: { ...shared, scrollZoom: 'gl3d', modeBarButtons: [['resetCameraDefault3d'], ['toImage']] },
  chart: { ...shared, scrollZoom: false, displayModeBar: false },
};

/** The graph as layers above it see it. */
export interface Plot {
  readonly element: HTMLElement;
  /** Called after each drawing and while the reader pans, zooms or turns. Returns what ends it. */
  onPlace(listener: () => void): () => void;
  /** From the data to pixels as the graph is seen now; null before the first drawing. */
  projector(): Projector | null;
  /** Back to the view that the figure asks for. */
  resetView(): void;
  /** The figure with the ranges and the camera that the reader chose. */
  asSeen(figure: Figure): Figure;
}

export interface PlotHost extends Plot {
  /** Null: what was not drawn yet is not drawn. */
  show(figure: Figure | null): void;
  dispose(): void;
}

export interface PlotHostOptions {
  readonly interaction: Interaction;
  /** After the first drawing. */
  readonly onReady: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** At least so long between two drawings of a graph, so that a slider that is dragged leaves time for the rest of the page. */
const REST_MS = 80;

const turnToDraw = drawingTurns(pageClock);

export function createPlotHost(element: HTMLElement, { interaction, onReady, onFailure }: PlotHostOptions): PlotHost {
  const listeners = new Set<() => void>();
  let drawing: Drawing | null = null;
  let newest: Figure | null = null;
  let shown: Figure | null = null;
  let isBusy = false;
  let isHeld = false;
  let isDisposed = false;
  let isListening = false;
  let isTurned = false;
  /** Ends the pause of a drawing. */
  let hurry: (() => void) | null = null;

  const place = () => {
    for (const listener of listeners) listener();
  };

  const drawNewest = async () => {
    if (isBusy || isHeld || isDisposed || newest === null) return;
    isBusy = true;
    let turn: Turn | undefined;
    try {
      drawing ??= await load[interaction]();
      const own = await turnToDraw();
      turn = own;
      if (isDisposed || isHeld || newest === null) return;
      const figure = newest;
      newest = null;
      shown = figure;
      const { data, layout } = isTurned ? withViewOf(element, figure) : figure;
      const { default: plotly, drawInSteps } = drawing;
      const pause = () => (isHeld ? Promise.resolve() : Promise.race([own.pause(), taken()]));
      const graph = await drawInSteps(element, pause, () =>
        plotly.react(element, [...data], layout, configs[interaction]),
      );
      if (!isDisposed && !isListening) listen(graph);
    } catch (error) {
      if (!isDisposed) onFailure(error);
    } finally {
      turn?.end();
      setTimeout(rested, REST_MS);
    }
  };

  /** The hand goes down on the graph: what is half drawn is drawn to its end before Plotly hears of it. */
  const taken = () =>
    new Promise<void>((resolve) => {
      hurry = resolve;
    });

  const rested = () => {
    isBusy = false;
    void drawNewest();
  };

  const listen = (graph: PlotlyHTMLElement) => {
    isListening = true;
    graph.on('plotly_afterplot', place);
    graph.on('plotly_relayout', (update) => {
      isTurned ||= 'scene.camera' in update; // Plotly itself keeps a turned camera only while the layout is that of its first drawing
      place();
    });
    graph.on('plotly_relayouting', place);
    onReady();
    place();
  };

  // An update between pointer-down and pointer-up would throw the camera or the drag back to where it began.
  const hold = () => {
    isHeld = true;
    hurry?.();
  };
  const release = () => {
    if (!isHeld) return;
    isHeld = false;
    setTimeout(drawNewest, 60); // after Plotly has kept the new view
  };
  /** The same figure in its new size, in its turn. */
  const resize = () => {
    if (element.clientWidth === 0 || element.clientHeight === 0) return;
    newest ??= shown;
    void drawNewest();
  };
  const sizes = new ResizeObserver(resize);
  element.addEventListener('pointerdown', hold, { capture: true });
  window.addEventListener('pointerup', release, { capture: true });
  window.addEventListener('pointercancel', release, { capture: true });
  sizes.observe(element);

  return {
    element,
    onPlace(listener) {
      listeners.add(listener);
      const end = drawing?.onCamera?.(element, listener);
      return () => {
        listeners.delete(listener);
        end?.();
      };
    },
    projector: () => (drawing?.spaceProjector ?? planeProjector)(element),
    resetView() {
      if (!drawing || !shown || !isListening) return;
      void drawing.default.relayout(element, viewOf(shown.layout)).then(() => {
        isTurned = false;
      });
    },
    asSeen: (figure) => withViewOf(element, figure),
    show(figure) {
      newest = figure;
      void drawNewest();
    },
    dispose() {
      isDisposed = true;
      sizes.disconnect();
      listeners.clear();
      element.removeEventListener('pointerdown', hold, { capture: true });
      window.removeEventListener('pointerup', release, { capture: true });
      window.removeEventListener('pointercancel', release, { capture: true });
      drawing?.default.purge(element);
    },
  };
}
