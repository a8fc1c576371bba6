/** Plotly is drawn in steps through two of its own parts, which it does not promise to keep: an update that drops them is seen here. */
import plotApi from 'plotly.js/src/plot_api/plot_api.js?raw';
import subroutines from 'plotly.js/src/plot_api/subroutines.js?raw';
import { describe, expect, it } from 'vitest';

describe('a graph that is drawn in steps', () => {
  it.each(['layoutStyles', 'drawData'])(
    'is drawn by %s, which Plotly looks up among its subroutines each time',
    (name) => {
      expect(subroutines).toMatch(new RegExp(`^exports\\.${name} = function`, 'm'));
      expect(plotApi).toMatch(new RegExp(`seq\\.push\\([^;]*subroutines\\.${name}\\b`));
    },
  );
});
