import { useEffect, useState } from 'react';
import { PATIENCE_MS } from '../store/run-slice.ts';

/** Whether something has gone on for longer than needs no words. */
export function useLong(isGoing: boolean): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isGoing) return;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isGoing]);
  return isGoing && isLong;
}
