/** A hand on a control: it takes hold where the pointer or a key goes down, and leaves where that goes up, wherever it is. */
import { useEffect, useRef } from 'react';
import { useSteady } from './use-steady.ts';

/** `onHeld` hears both. What it gives is for the control's `onPointerDown` and `onKeyDown`. */
export function useHold(onHeld: (isHeld: boolean) => void): () => void {
  const tell = useSteady(onHeld);
  const end = useRef<(() => void) | null>(null);
  useEffect(() => () => end.current?.(), []);
  return useSteady(() => {
    if (end.current) return;
    const leave = new AbortController();
    end.current = () => {
      end.current = null;
      leave.abort();
      tell(false);
    };
    for (const event of ['pointerup', 'pointercancel', 'keyup', 'blur'])
      window.addEventListener(event, end.current, { signal: leave.signal });
    tell(true);
  });
}
