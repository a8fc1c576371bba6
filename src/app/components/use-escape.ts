import { useEffect, useRef } from 'react';

/** Hears Escape before what has the focus does: a hint that closes by it would keep it for itself. The key still reaches them. */
export function useEscape(onEscape: () => void): void {
  const newest = useRef(onEscape);
  useEffect(() => {
    newest.current = onEscape;
  }, [onEscape]);
  useEffect(() => {
    const hear = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') newest.current();
    };
    window.addEventListener('keydown', hear, { capture: true });
    return () => window.removeEventListener('keydown', hear, { capture: true });
  }, []);
}
