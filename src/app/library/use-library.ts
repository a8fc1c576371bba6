/** The library of the page, handed down. */
import { createContext, useContext } from 'react';
import { invariant } from '../../core/diagnostic.ts';
import type { Library } from './library.ts';

export const LibraryContext = createContext<Library | null>(null);

export function useLibrary(): Library {
  const library = useContext(LibraryContext);
  invariant(library, 'the component is drawn inside a LibraryContext');
  return library;
}
