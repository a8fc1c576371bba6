/** A dialog whose code is fetched when it first opens. From then on it stays, so that it can close in its own time. */
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react';

export function onDemand<P extends { readonly isOpen: boolean }>(
  fetch: () => Promise<ComponentType<P>>,
): (props: P) => ReactNode {
  const Dialog = lazy(async () => ({ default: openingAfterwards(await fetch()) }));
  return function OnDemand(props) {
    const [wasOpened, setWasOpened] = useState(false);
    if (props.isOpen && !wasOpened) setWasOpened(true);
    return wasOpened && <Suspense>{<Dialog {...props} />}</Suspense>;
  };
}

/** It is there closed before it opens: only then does it know what had the focus, and gives it back. */
const openingAfterwards = <P extends { readonly isOpen: boolean }>(Found: ComponentType<P>) =>
  function Opening(props: P) {
    const [isThere, setThere] = useState(false);
    useEffect(() => setThere(true), []);
    return <Found {...props} isOpen={props.isOpen && isThere} />;
  };
