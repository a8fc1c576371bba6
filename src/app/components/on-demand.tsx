/** A dialog whose code is fetched when it first opens. From then on it stays, so that it can close in its own time. */
import { type ComponentType, lazy, type ReactNode, Suspense, useState } from 'react';

export function onDemand<P extends { readonly isOpen: boolean }>(
  fetch: () => Promise<ComponentType<P>>,
): (props: P) => ReactNode {
  const Dialog = lazy(async () => ({ default: await fetch() }));
  return function OnDemand(props) {
    const [wasOpened, setWasOpened] = useState(false);
    if (props.isOpen && !wasOpened) setWasOpened(true);
    return wasOpened && <Suspense>{<Dialog {...props} />}</Suspense>;
  };
}
