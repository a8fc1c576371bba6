/**
 * The page of `npm run bench` and of `/bench/`. With `?auto` it measures at once and leaves the report where the script finds it
 * (`?only=` names groups); otherwise a visitor chooses.
 */
import { measureAll, type Report } from './measure.ts';
import { openPage } from './page-view.ts';
import { openPeers } from './peers/open.ts';

declare global {
  interface Window {
    report?: Report | { readonly failure: string };
  }
}

const query = new URLSearchParams(location.search);

async function measure(): Promise<Report> {
  const peers = await openPeers((reason) => console.warn(`Left out: ${reason}`));
  return measureAll(navigator.gpu, () => performance.now(), query.get('only')?.split(','), peers);
}

if (query.has('auto')) {
  measure().then(
    (report) => {
      window.report = report;
    },
    (reason: unknown) => {
      window.report = { failure: reason instanceof Error ? (reason.stack ?? reason.message) : String(reason) };
    },
  );
} else {
  void openPage(openPeers);
}
