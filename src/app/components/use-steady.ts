/** One function for all renders, which does what the newest would: who is given it need not be drawn again. */
import { useCallback, useLayoutEffect, useRef } from 'react';

/** To be called by handlers and effects, never while rendering. */
export function useSteady<Parameters extends readonly unknown[], Answer>(
  act: (...parameters: Parameters) => Answer,
): (...parameters: Parameters) => Answer {
  const newest = useRef(act);
  useLayoutEffect(() => {
    newest.current = act;
  });
  return useCallback((...parameters: Parameters) => newest.current(...parameters), []);
}
