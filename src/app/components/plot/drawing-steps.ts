/** Plotly draws a graph in one task. Here it pauses within: when the axes have their places, and when they are drawn, before curves and fields. */
/// <reference path="./plotly-subroutines.d.ts" />
import subroutines from 'plotly.js/src/plot_api/subroutines.js';

/** Resolves when the drawing may go on. */
export type Pause = () => Promise<void>;

const pauses = new WeakMap<HTMLElement, Pause>();

/** What `draw` draws into the graph pauses twice. */
export async function drawInSteps<Drawn>(graph: HTMLElement, pause: Pause, draw: () => Promise<Drawn>): Promise<Drawn> {
  pauses.set(graph, pause);
  try {
    return await draw();
  } finally {
    pauses.delete(graph);
  }
}

const { layoutStyles, drawData } = subroutines;

subroutines.layoutStyles = (graph) => {
  const placed = layoutStyles(graph);
  const pause = pauses.get(graph);
  return pause ? Promise.resolve(placed).then(pause) : placed;
};

subroutines.drawData = (graph) => {
  const pause = pauses.get(graph);
  return pause ? pause().then(() => drawData(graph)) : drawData(graph);
};
