/** The same Plotly with traces in space. Loaded when the first figure in space is shown. */
import isosurface from 'plotly.js/lib/isosurface';
import mesh3d from 'plotly.js/lib/mesh3d';
import scatter3d from 'plotly.js/lib/scatter3d';
import surface from 'plotly.js/lib/surface';
import Plotly, { drawInSteps } from './plotly-2d.ts';

Plotly.register([scatter3d, mesh3d, surface, isosurface]);

export { onCamera, spaceProjector } from './space-projector.ts';
export { drawInSteps };
export default Plotly;
