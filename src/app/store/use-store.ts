/** The store of this page, for components. */
import { createContext, useContext, useMemo } from 'react';
import { useStore as useZustandStore } from 'zustand';
import type { Listing } from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';
import { resultsByRun } from './results.ts';
import type { RunResult } from './run-slice.ts';
import type { Store, StoreApi } from './store.ts';

export interface StoreAndCatalog {
  readonly store: StoreApi;
  readonly catalog: Listing;
}

export const StoreContext = createContext<StoreAndCatalog | null>(null);

function useContextValue(): StoreAndCatalog {
  const value = useContext(StoreContext);
  invariant(value, 'the component is drawn inside a StoreContext');
  return value;
}

/** For all that the page says: while a hand moves something, it follows now and then. */
export const useStore = <Selected>(select: (store: Store) => Selected): Selected =>
  useZustandStore(useContextValue().store.calm, select);

/** For what is in the hand, and the picture under it. */
export const useStoreNow = <Selected>(select: (store: Store) => Selected): Selected =>
  useZustandStore(useContextValue().store, select);

/** The store itself, for handlers that read it when they are called. */
export const useStoreApi = (): StoreApi => useContextValue().store;

export const useCatalog = (): Listing => useContextValue().catalog;

/** How far one can step back and forth. */
export function useHistory() {
  const { temporal } = useContextValue().store;
  return {
    canUndo: useZustandStore(temporal, ({ pastStates }) => pastStates.length > 0),
    canRedo: useZustandStore(temporal, ({ futureStates }) => futureStates.length > 0),
  };
}

/** What each run of the experiment gave, in its order. */
export const useResults = () => useResultsBy(useStore);
export const useResultsNow = () => useResultsBy(useStoreNow);

function useResultsBy(use: typeof useStore): readonly (RunResult | null)[] {
  const picture = use((store) => store.picture);
  const runs = use((store) => store.experiment.runs);
  return useMemo(() => resultsByRun(picture, runs ?? []), [picture, runs]);
}
