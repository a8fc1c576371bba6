/**
 * Plotly draws a graph in one task. Here it rests within, wherever the screen shows one whole figure: after what it computes, and, where
 * the new axes are those of before, between them and the curves and fields.
 */
import { axesOf, keepAxes } from './projector.ts';

/** Resolves when the drawing may go on; rejects when it shall end. */
export type Pause = () => Promise<void>;

/** What `draw` draws into the graph pauses twice at most. */
export type DrawInSteps = <Drawn>(graph: HTMLElement, pause: Pause, draw: () => Promise<Drawn>) => Promise<Drawn>;

/** Parts of Plotly, which it looks up anew in each drawing, in the order in which it does; each takes the graph. */
export interface Parts {
  /** Takes away the hatching of before; curves and fields bring theirs. */
  initPatterns(graph: HTMLElement): void;
  /** Gives the axes their places; they are drawn next. */
  layoutStyles(graph: HTMLElement): Promise<unknown> | undefined;
  /** Draws curves and fields. */
  drawData(graph: HTMLElement): Promise<unknown> | undefined;
}

interface Drawing {
  readonly pause: Pause;
  /** Null: nothing is seen of the graph until it is whole. */
  readonly before: Frame | null;
  /** `none` where Plotly mends what it has and draws nothing anew. */
  rests: 'none' | 'before axes' | 'before curves';
}

/** Puts rests into the parts. */
export function drawingInSteps(patterns: Pick<Parts, 'initPatterns'>, parts: Omit<Parts, 'initPatterns'>): DrawInSteps {
  const drawings = new WeakMap<HTMLElement, Drawing>();
  const { initPatterns } = patterns;
  const { layoutStyles, drawData } = parts;

  patterns.initPatterns = (graph) => {
    const drawing = drawings.get(graph);
    if (drawing) drawing.rests = 'before axes';
    else initPatterns(graph);
  };
  parts.layoutStyles = (graph) => {
    const drawing = drawings.get(graph);
    if (drawing?.rests !== 'before axes') return layoutStyles(graph);
    drawing.rests = 'before curves'; // also where axes find that they need more room, and get their places once more
    const shows = drawing.before === null || drawing.before.parts === partsOf(graph);
    return shows ? drawing.pause().then(() => layoutStyles(graph)) : layoutStyles(graph);
  };
  parts.drawData = (graph) => {
    const drawing = drawings.get(graph);
    if (drawing?.rests !== 'before curves') return drawData(graph);
    drawing.rests = 'none';
    const draw = () => {
      initPatterns(graph);
      return drawData(graph);
    };
    const shows = drawing.before === null || drawing.before.all === frameOf(graph).all;
    return shows ? drawing.pause().then(draw) : draw();
  };

  return async (graph, pause, draw) => {
    const axes = axesOf(graph);
    const pauseAsSeen = async () => {
      const free = keepAxes(graph, axes);
      await pause().finally(free);
    };
    drawings.set(graph, { pause: pauseAsSeen, before: isEmpty(graph) ? null : frameOf(graph), rests: 'none' });
    try {
      return await draw();
    } finally {
      drawings.delete(graph);
    }
  };
}

/** What is seen of a graph besides curves and fields, as text that is the same where it looks the same. */
interface Frame {
  /** What Plotly takes away or draws before the axes: graphs within the graph, scales of colours. */
  readonly parts: string;
  readonly all: string;
}

interface DrawnTrace {
  readonly showscale?: boolean;
  readonly zmin?: number;
  readonly zmax?: number;
  readonly colorscale?: unknown;
  readonly colorbar?: unknown;
}

/** As Plotly 4.1 keeps it. */
interface Graph extends HTMLElement {
  readonly layout?: unknown;
  readonly _fullData?: readonly DrawnTrace[];
  readonly _fullLayout?: { readonly _subplots?: unknown; readonly width?: number; readonly height?: number };
}

const isEmpty = (graph: Graph): boolean => graph._fullLayout === undefined;

function partsOf({ _fullData = [], _fullLayout }: Graph): string {
  const scales = _fullData.flatMap(({ showscale, zmin, zmax, colorscale, colorbar }) =>
    showscale ? [[zmin, zmax, colorscale, colorbar]] : [],
  );
  return asText([_fullLayout?._subplots, scales]);
}

function frameOf(graph: Graph): Frame {
  const { layout, _fullLayout } = graph;
  const parts = partsOf(graph);
  return { parts, all: asText([parts, layout, _fullLayout?.width, _fullLayout?.height, axesOf(graph)]) };
}

/** Without what Plotly keeps for itself, which leads in circles. */
const asText = (value: unknown): string =>
  JSON.stringify(value, (name, field) =>
    name.startsWith('_') && !/^_(offset|length)$/.test(name) ? undefined : field,
  );
