/** Of values that follow each other closely, as while a hand drags, the newest a few times a second; one that comes alone at once. */
import { startTransition, useEffect, useRef, useState } from 'react';

/** `least`: ms between two that are shown. What is drawn from them can be interrupted. */
export function useSeldom<Value>(newest: Value, least: number): Value {
  const [shown, setShown] = useState({ value: newest });
  const shownAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (shown.value === newest) return;
    const show = () => {
      shownAt.current = performance.now();
      startTransition(() => setShown({ value: newest }));
    };
    const wait = shownAt.current + least - performance.now();
    if (wait <= 0) return show();
    const timer = setTimeout(show, wait);
    return () => clearTimeout(timer);
  }, [newest, shown, least]);
  return shown.value;
}
