/** Reads a table piece by piece: the page stays quick meanwhile, and what is left, or changed, is read no further. */
import { useEffect, useState } from 'react';
import type { Result } from '../../core/diagnostic.ts';
import { breathing, finishedUnless } from '../../core/stages.ts';
import { useLong } from '../components/use-long.ts';
import { type Csv, csvStages } from './read-csv.ts';

/** The page has its turn after so long. */
const TURN_MS = 30;

const turn = () => new Promise<void>((resolve) => setTimeout(resolve));

export interface ReadTable {
  /** Of this text; null while it is read. */
  readonly read: Result<Csv> | null;
  /** Whether that has taken longer than needs no words. */
  readonly isLong: boolean;
}

/** `text`: null where there is nothing to read. */
export function useCsv(text: string | null): ReadTable {
  const [last, setLast] = useState<{ readonly text: string; readonly read: Result<Csv> } | null>(null);
  useEffect(() => {
    if (text === null) return;
    let isLeft = false;
    const breathe = breathing(() => performance.now(), turn, TURN_MS);
    void finishedUnless(csvStages(text), () => isLeft, breathe).then((read) => read && setLast({ text, read }));
    return () => {
      isLeft = true;
    };
  }, [text]);
  const read = text !== null && last?.text === text ? last.read : null;
  const isLong = useLong(text !== null && read === null);
  return { read, isLong };
}
