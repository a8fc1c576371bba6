/** Plotly with what plane figures need, and nothing that evaluates text. Loaded on first need by `PlotlyFigure`. */
/// <reference path="./plotly-parts.d.ts" />
import './node-global.ts';
import contour from 'plotly.js/lib/contour';
import Plotly from 'plotly.js/lib/core';
import heatmap from 'plotly.js/lib/heatmap';
import drawing from 'plotly.js/src/components/drawing';
import subroutines from 'plotly.js/src/plot_api/subroutines.js';
import { drawingInSteps } from './drawing-steps.ts';

Plotly.register([contour, heatmap]);

export const drawInSteps = drawingInSteps(drawing, subroutines);
export default Plotly;
