/** Of what is asked for while the last is computed, only the newest is computed next: a drag never waits in a queue. */
import { useEffect, useRef, useState } from 'react';
import { newestWins } from '../newest-wins.ts';

export function useNewest<Request>(compute: (request: Request) => Promise<void>): (request: Request) => Promise<void> {
  const current = useRef(compute);
  useEffect(() => {
    current.current = compute;
  }, [compute]);
  const [call] = useState(() => newestWins((request: Request) => current.current(request)));
  return call;
}
