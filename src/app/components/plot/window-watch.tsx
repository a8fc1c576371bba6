/** Tells which window the axes show, once it rests: after the first drawing, a pan, a zoom or a new size. */
import { useEffect, useRef } from 'react';
import type { View2d } from '../../figures/scene.ts';
import type { Plot } from './plot-host.ts';
import { readAxis } from './projector.ts';

export interface WindowWatchProps {
  readonly plot: Plot;
  readonly onWindow: (window: View2d) => void;
  /** The reader panned or zoomed by hand; null: went back to all of it. */
  readonly onChosen?: (window: View2d | null) => void;
}

const REST_MS = 120;
/** After the hand left: Plotly gathers turns of a wheel before it draws. */
const HAND_MS = 400;

/** The button of the graph that goes back to what the figure asks for. */
const RESET = '[data-val="reset"]';

/** One finger on the graph, but for its buttons, scrolls the page. */
const scrolls = (event: Event): boolean =>
  event instanceof PointerEvent &&
  event.pointerType === 'touch' &&
  event.isPrimary &&
  !(event.target instanceof Element && event.target.closest('.modebar'));

export function WindowWatch({ plot, onWindow, onChosen }: WindowWatchProps) {
  const newest = useRef({ onWindow, onChosen });
  useEffect(() => {
    newest.current = { onWindow, onChosen };
  }, [onWindow, onChosen]);
  useEffect(() => {
    let told = '';
    let left: ReturnType<typeof setTimeout> | undefined;
    let isByHand = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      const x = readAxis(plot.element, 'xaxis');
      const y = readAxis(plot.element, 'yaxis');
      const name = JSON.stringify([x?.range, y?.range]);
      if (!x || !y || name === told) return;
      told = name;
      const window: View2d = [x.range, y.range];
      newest.current.onWindow(window);
      if (isByHand) newest.current.onChosen?.(window);
      isByHand = false;
    };
    const end = plot.onPlace(() => {
      clearTimeout(timer);
      timer = setTimeout(tell, REST_MS);
    });
    tell();
    /** A click that moved nothing chose nothing: what changes the axes later is not the reader. */
    const leave = () => {
      if (!isByHand) return;
      clearTimeout(left);
      left = setTimeout(() => {
        tell();
        isByHand = false;
      }, HAND_MS);
    };
    const reset = () => {
      isByHand = false;
      newest.current.onChosen?.(null);
    };
    const choose = (event: Event) => {
      const { target, type } = event;
      if (target instanceof Element && target.closest(RESET) !== null) return reset();
      if (scrolls(event)) return;
      tell(); // what changed before was not this hand
      isByHand = true;
      if (type === 'wheel') leave();
    };
    const { element } = plot;
    element.addEventListener('pointerdown', choose, { capture: true });
    element.addEventListener('wheel', choose, { capture: true, passive: true });
    element.addEventListener('dblclick', reset, { capture: true });
    window.addEventListener('pointerup', leave, { capture: true });
    window.addEventListener('pointercancel', leave, { capture: true }); // the finger scrolls the page
    return () => {
      window.removeEventListener('pointerup', leave, { capture: true });
      window.removeEventListener('pointercancel', leave, { capture: true });
      clearTimeout(left);
      element.removeEventListener('pointerdown', choose, { capture: true });
      element.removeEventListener('wheel', choose, { capture: true });
      element.removeEventListener('dblclick', reset, { capture: true });
      clearTimeout(timer);
      end();
    };
  }, [plot]);
  return null;
}
