/** Keeps one Plotly graph in one element: loads it on first need, draws the newest figure, never while a finger is down. */
import type { Config, PlotlyHTMLElement } from 'plotly.js';
import type { Figure } from '../../figures/figure.ts';
import { pageClock } from '../../pace.ts';
import type { DrawInSteps } from './drawing-steps.ts';
import { drawingTurns, type Turn } from './drawing-turns.ts';
import { viewOf, withViewOf } from './plot-view.ts';
import { type Projector, planeProjector } from './projector.ts';
import { listenToFingers, type Ranges } from './two-fingers.ts';

/** What the reader can do with a figure; it also says which traces it needs. */
export type Interaction = 'plane' | 'space' | 'chart';

type Plotly = Pick<typeof import('plotly.js').default, 'react' | 'relayout' | 'purge'>;

/** What draws, loaded on first need. */
export interface Drawing {
  readonly default: Plotly;
  readonly drawInSteps: DrawInSteps;
  /** In space. */
  readonly spaceProjector?: (element: HTMLElement) => Projector | null;
  readonly onCamera?: (element: HTMLElement, listener: () => void) => () => void;
}

const drawings: Readonly<Record<Interaction, () => Promise<Drawing>>> = {
  plane: () => import('./plotly-2d.ts'),
  chart: () => import('./plotly-2d.ts'),
  space: () => import('./plotly-3d.ts'),
};

const shared: Partial<Config> = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: false, // a new size has its turn as any other figure
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
  readonly load?: () => Promise<Drawing>;
  /** After the first drawing. */
  readonly onReady: () => void;
  readonly onFailure: (error: unknown) => void;
  /** One finger swiped over a plane, which two move. */
  readonly onSwipe?: () => void;
}

/** Both are one figure to a hand that moved away from the first. A camera is, whatever the figure says. */
const askedView = ({ layout }: Figure): string =>
  JSON.stringify(viewOf(layout), (name, value) => (name === 'scene.camera' ? undefined : value));

/**
 * Plotly itself keeps what a hand chose, but loses it where it had changed it before: an axis that it made longer, to have units equally
 * long, and a camera once the layout is not that of its first drawing.
 */
const movesView = (update: object): boolean =>
  Object.keys(update).some((name) => name === 'scene.camera' || /^[xy]axis\d*\.range/.test(name));

/** At least so long between two drawings of a graph, so that a slider that is dragged leaves time for the rest of the page. */
const REST_MS = 80;

/** Plotly gathers turns of a wheel for 50 ms, and then draws. */
const WHEEL_MS = 120;

const turnToDraw = drawingTurns(pageClock);

export function createPlotHost(
  element: HTMLElement,
  { interaction, load = drawings[interaction], onReady, onFailure, onSwipe = () => undefined }: PlotHostOptions,
): PlotHost {
  const listeners = new Set<() => void>();
  let drawing: Drawing | null = null;
  let newest: Figure | null = null;
  let shown: Figure | null = null;
  let isBusy = false;
  let isDrawing = false;
  /** What the hand holds the graph by. */
  const holds = new Set<'pointer' | 'wheel'>();
  let isDisposed = false;
  let isListening = false;
  /** The view that figures ask for, as text, since the reader has moved away from it; null: has not. */
  let leftView: string | null = null;
  /** Ends the pause of a drawing. */
  let hurry: (() => void) | null = null;
  let wantsReset = false;
  let wheelRest: ReturnType<typeof setTimeout> | undefined;

  const place = () => {
    for (const listener of listeners) listener();
  };

  const drawNewest = async () => {
    if (isBusy || holds.size > 0 || isDisposed || newest === null) return;
    isBusy = true;
    let turn: Turn | undefined;
    try {
      drawing ??= await load();
      const own = await turnToDraw();
      turn = own;
      if (isDisposed || holds.size > 0 || newest === null) return;
      const figure = newest;
      newest = null;
      shown = figure;
      if (leftView !== askedView(figure)) leftView = null;
      const { data, layout } = leftView === null ? figure : withViewOf(element, figure, 'ranged');
      const { default: plotly, drawInSteps } = drawing;
      const pause = async () => {
        if (holds.size === 0) await Promise.race([own.pause(), taken()]);
        if (isDisposed) throw new Error('The graph is gone.');
      };
      isDrawing = true;
      const graph = await drawInSteps(
        element,
        pause,
        () => plotly.react(element, [...data], structuredClone(layout), configs[interaction]), // it writes into its layout
      );
      if (!isDisposed && !isListening) listen(graph);
    } catch (error) {
      if (!isDisposed) onFailure(error);
    } finally {
      turn?.end();
      isDrawing = false;
      if (wantsReset) reset();
      void followFingers();
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
      if (shown && movesView(update)) leftView = askedView(shown);
      place();
    });
    graph.on('plotly_relayouting', place);
    onReady();
    place();
  };

  const reset = () => {
    wantsReset = false;
    if (!drawing || !shown || !isListening || isDisposed) return;
    void drawing.default.relayout(element, viewOf(shown.layout)).then(() => {
      leftView = null;
    });
  };

  /** Where two fingers want the axes, until that is drawn. */
  let wanted: Ranges | null = null;
  let isFollowing = false;
  const followFingers = async () => {
    if (isFollowing) return;
    isFollowing = true;
    while (wanted && drawing && isListening && !isDrawing && !isDisposed) {
      const ranges = Object.entries(wanted).map(([name, range]) => [`${name}.range`, [...range]]);
      wanted = null;
      await drawing.default.relayout(element, Object.fromEntries(ranges));
      await new Promise(requestAnimationFrame);
    }
    isFollowing = false;
  };

  // An update between pointer-down and pointer-up would throw the camera or the drag back to where it began.
  const hold = (by: 'pointer' | 'wheel') => {
    holds.add(by);
    hurry?.();
  };
  const release = (by: 'pointer' | 'wheel') => {
    if (holds.delete(by)) setTimeout(drawNewest, 60); // after Plotly has kept the new view
  };
  const press = () => hold('pointer');
  const lift = () => release('pointer');
  const turnWheel = () => {
    hold('wheel');
    clearTimeout(wheelRest);
    wheelRest = setTimeout(release, WHEEL_MS, 'wheel');
  };
  /** The same figure in its new size, in its turn. */
  const resize = () => {
    if (element.clientWidth === 0 || element.clientHeight === 0) return;
    newest ??= shown;
    void drawNewest();
  };
  const sizes = new ResizeObserver(resize);
  element.addEventListener('pointerdown', press, { capture: true });
  if (configs[interaction].scrollZoom) element.addEventListener('wheel', turnWheel, { capture: true, passive: true });
  window.addEventListener('pointerup', lift, { capture: true });
  window.addEventListener('pointercancel', lift, { capture: true });
  sizes.observe(element);
  const endFingers =
    interaction === 'plane' &&
    listenToFingers(element, {
      onRanges(ranges) {
        wanted = ranges;
        void followFingers();
      },
      onSwipe,
    });

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
      wantsReset = isDrawing;
      if (isDrawing) hurry?.();
      else reset();
    },
    asSeen: (figure) => withViewOf(element, figure),
    show(figure) {
      newest = figure;
      void drawNewest();
    },
    dispose() {
      isDisposed = true;
      hurry?.();
      clearTimeout(wheelRest);
      sizes.disconnect();
      if (endFingers) endFingers();
      listeners.clear();
      element.removeEventListener('pointerdown', press, { capture: true });
      element.removeEventListener('wheel', turnWheel, { capture: true });
      window.removeEventListener('pointerup', lift, { capture: true });
      window.removeEventListener('pointercancel', lift, { capture: true });
      drawing?.default.purge(element);
    },
  };
}
