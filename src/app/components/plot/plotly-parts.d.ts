/** What is used of Plotly 4.1's own parts, which bring no types. */
declare module 'plotly.js/src/plot_api/subroutines.js' {
  /** Steps of a drawing. Plotly waits for what they give. */
  const subroutines: Record<'layoutStyles' | 'drawData', (graph: HTMLElement) => Promise<unknown> | undefined>;
  export default subroutines;
}

declare module 'plotly.js/src/components/drawing' {
  const drawing: { initPatterns: (graph: HTMLElement) => void };
  export default drawing;
}
