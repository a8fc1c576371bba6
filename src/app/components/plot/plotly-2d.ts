/** Plotly with what plane figures need, and nothing that evaluates text. Loaded on first need by `PlotlyFigure`. */
import './node-global.ts';
import contour from 'plotly.js/lib/contour';
import Plotly from 'plotly.js/lib/core';
import heatmap from 'plotly.js/lib/heatmap';

Plotly.register([contour, heatmap]);

export { drawInSteps } from './drawing-steps.ts';
export default Plotly;
