/**
 * The code of a worker in the page itself, behind a channel. A frame without an origin (`sandbox="allow-scripts"`, as some
 * notebooks have) may start no worker: there it computes slower to the hand, and computes the same.
 */

/** Whether this page has an origin; without one it has no workers, and no storage. */
export const hasOrigin = (scope: { readonly origin: string }): boolean => scope.origin !== 'null';

/**
 * Looks as a worker does: messages wait until its code is there, and a code that does not come is an error of it. A worker is ended
 * in the midst of anything; this code cannot be. It is told by an event `close` of its port, and ends at its next pause.
 */
export function inPage<Port>(load: () => Promise<(port: MessagePort & Port) => unknown>) {
  const { port1: near, port2: far } = new MessageChannel();
  let isEnded = false;
  load().then(
    (serve) => {
      if (isEnded) return;
      serve(far as MessagePort & Port);
      far.start();
    },
    (reason: unknown) => near.dispatchEvent(new ErrorEvent('error', { message: String(reason) })),
  );
  near.start();
  const terminate = () => {
    isEnded = true;
    near.close();
    far.dispatchEvent(new Event('close')); // not every browser tells the other end by itself
  };
  return Object.assign(near, { terminate });
}
