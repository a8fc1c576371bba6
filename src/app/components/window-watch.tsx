/** Tells which window the axes show, once it rests: after the first drawing, a pan, a zoom or a new size. */
import { useEffect, useRef } from 'react';
import type { View2d } from '../figures/scene.ts';
import type { Plot } from './plot-host.ts';
import { readAxis } from './projector.ts';

export interface WindowWatchProps {
  readonly plot: Plot;
  readonly onWindow: (window: View2d) => void;
}

const REST_MS = 120;

export function WindowWatch({ plot, onWindow }: WindowWatchProps) {
  const newest = useRef(onWindow);
  useEffect(() => {
    newest.current = onWindow;
  }, [onWindow]);
  useEffect(() => {
    let told = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      const x = readAxis(plot.element, 'xaxis');
      const y = readAxis(plot.element, 'yaxis');
      const name = JSON.stringify([x?.range, y?.range]);
      if (!x || !y || name === told) return;
      told = name;
      newest.current([x.range, y.range]);
    };
    const end = plot.onPlace(() => {
      clearTimeout(timer);
      timer = setTimeout(tell, REST_MS);
    });
    tell();
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [plot]);
  return null;
}
