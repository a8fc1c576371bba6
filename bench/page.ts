/** The page of `npm run bench`: measures, and leaves the report where the script finds it. */
import { measureAll, type Report } from './measure.ts';

declare global {
  interface Window {
    report?: Report | { readonly failure: string };
  }
}

measureAll(navigator.gpu, () => performance.now()).then(
  (report) => {
    window.report = report;
  },
  (reason: unknown) => {
    window.report = { failure: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) };
  },
);
