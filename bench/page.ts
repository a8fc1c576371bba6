/** The page of `npm run bench`: measures, and leaves the report where the script finds it. */
import { measureAll, type Report } from './measure.ts';
import { openPeers } from './peers/open.ts';

declare global {
  interface Window {
    report?: Report | { readonly failure: string };
  }
}

const only = new URLSearchParams(location.search).get('only')?.split(',');

async function measure(): Promise<Report> {
  const peers = await openPeers((reason) => console.warn(`Left out: ${reason}`));
  return measureAll(navigator.gpu, () => performance.now(), only, peers);
}

measure().then(
  (report) => {
    window.report = report;
  },
  (reason: unknown) => {
    window.report = { failure: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) };
  },
);
