/** The worker in which everything runs. A composition root, as `workshop.tsx` is. */
import { messageOf } from './device.ts';
import { serveExecutors } from './service.ts';

const tellFault = serveExecutors(self);
self.addEventListener('unhandledrejection', ({ reason }) => tellFault(messageOf(reason)));
self.addEventListener('error', ({ message }) => tellFault(message));
