/** The page of `npm run bench`: measures, and leaves the report where the script finds it. */
import { measureAll, type Report } from './measure.ts';

declare global {
  interface Window {
    report?: Report | { readonly failure: string };
  }
}

const only = new URLSearchParams(location.search).get('only')?.split(',');

measureAll(navigator.gpu, () => performance.now(), only).then(
  (report) => {
    window.report = report;
  },
  (reason: unknown) => {
    window.report = { failure: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) };
  },
);
