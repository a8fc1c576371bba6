/** The store of this page, for components. */
import { createContext, useContext, useMemo } from 'react';
import { useStore as useZustandStore } from 'zustand';
import type { Catalog } from '../../core/contracts.ts';
import { invariant } from '../../core/diagnostic.ts';
import { resultsByRun } from './results.ts';
import type { RunResult } from './run-slice.ts';
import type { Store, StoreApi } from './store.ts';

export interface StoreAndCatalog {
  readonly store: StoreApi;
  readonly catalog: Catalog;
}

export const StoreContext = createContext<StoreAndCatalog | null>(null);

function useContextValue(): StoreAndCatalog {
  const value = useContext(StoreContext);
  invariant(value, 'the component is drawn inside a StoreContext');
  return value;
}

export const useStore = <Selected>(select: (store: Store) => Selected): Selected =>
  useZustandStore(useContextValue().store, select);

/** The store itself, for handlers that read it when they are called. */
export const useStoreApi = (): StoreApi => useContextValue().store;

export const useCatalog = (): Catalog => useContextValue().catalog;

/** How far one can step back and forth. */
export function useHistory() {
  const { temporal } = useContextValue().store;
  return {
    canUndo: useZustandStore(temporal, ({ pastStates }) => pastStates.length > 0),
    canRedo: useZustandStore(temporal, ({ futureStates }) => futureStates.length > 0),
  };
}

/** What each run of the experiment gave, in its order. */
export function useResults(): readonly (RunResult | null)[] {
  const picture = useStore((store) => store.picture);
  const runs = useStore((store) => store.experiment.runs);
  return useMemo(() => resultsByRun(picture, runs ?? []), [picture, runs]);
}
