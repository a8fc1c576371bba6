import { describe, expect, it } from 'vitest';
import { blobOf, pictureOf } from './figure-image.ts';

describe('the picture of a figure', () => {
  it('names each trace with a read-out once, and the marks that a screen names beside it; no heat map', () => {
    const { data, layout } = pictureOf(
      {
        data: [
          { type: 'scatter', name: 'run' },
          { type: 'scatter', name: 'run' },
          { type: 'scatter', name: 'curve', hoverinfo: 'skip' },
          { type: 'scatter', name: 'feasible set', hoverinfo: 'skip' },
          { type: 'heatmap', name: 'another run' },
          { type: 'scatter', name: 'hidden', visible: false },
          { type: 'contour' },
        ],
        layout: {},
      },
      '#fff',
    );
    expect(data.map((trace) => 'showlegend' in trace && trace.showlegend)).toEqual([
      true,
      false,
      false,
      true,
      false,
      false,
      false,
    ]);
    expect(layout).toMatchObject({ showlegend: true, paper_bgcolor: '#fff' });
  });

  it('leaves room for its legend, whatever the names are', () => {
    const margin = (names: readonly string[], title?: string) =>
      pictureOf({ data: names.map((name) => ({ type: 'scatter', name })), layout: {} }, '#fff', title).layout.margin
        ?.t ?? 0;
    const short = ['one', 'two', 'three', 'four'];
    const long = short.map((name) => name.repeat(60));
    expect(margin(short)).toBeLessThan(margin(long));
    expect(margin(long) - margin(long.slice(2))).toBeGreaterThan(15); // two of them in a row
    expect(margin(short, 'a title')).toBeGreaterThan(margin(short));
    const { data } = pictureOf({ data: [{ type: 'scatter', name: long[0] ?? '' }], layout: {} }, '#fff');
    expect((data[0] as { name: string }).name.length).toBeLessThan(60);
  });

  it('has the bytes of its address', async () => {
    const svg = blobOf(`data:image/svg+xml,${encodeURIComponent('<svg>é</svg>')}`);
    expect(svg.type).toBe('image/svg+xml');
    expect(await svg.text()).toBe('<svg>é</svg>');
    const png = blobOf(`data:image/png;base64,${btoa('\x89PNG')}`);
    expect(png.type).toBe('image/png');
    expect([...new Uint8Array(await png.arrayBuffer())]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  });
});
