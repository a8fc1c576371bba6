/** What a visitor sees: groups to choose, progress, Cancel, and each result as bars and as a table, as soon as it is there. */
import { acquireGpu } from '../src/gpu/device.ts';
import { barsOf } from './bars.ts';
import type { ContestResult } from './contest.ts';
import { GROUPS, type GroupName, measureAll, type Report } from './measure.ts';
import type { Peer } from './peers/peer.ts';
import { tablesOf } from './tables.ts';

/** In a visitor's words. Those that take minutes are not chosen at first. */
const WORDS: Readonly<Record<GroupName, { readonly text: string; readonly isChosen: boolean }>> = {
  accuracy: { text: 'Digits of a pseudoinverse', isChosen: false },
  loops: { text: '10,000 steps, one start', isChosen: true },
  lowerings: { text: 'Every way to run a problem', isChosen: false },
  steps: { text: '1,000 steps, result read back', isChosen: true },
  swarm: { text: '100,000 starts at once', isChosen: true },
  products: { text: 'Matrix products', isChosen: true },
  inverses: { text: 'Pseudoinverses', isChosen: true },
  fields: { text: 'Loss and constraints in figures', isChosen: false },
  fallback: { text: 'Without a GPU: WebAssembly', isChosen: false },
  training: { text: 'A training step of a network', isChosen: true },
  large: { text: 'Fifty million parameters (400 MB)', isChosen: false },
  growth: { text: 'How times grow with size', isChosen: false },
  compile: { text: 'From a lesson’s text to its first step', isChosen: true },
};

function part<E extends HTMLElement>(id: string, kind: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

export async function openPage(openPeers: (tell: (reason: string) => void) => Promise<Peer[]>): Promise<void> {
  const boxes = GROUPS.map((name) => {
    const box = document.createElement('input');
    Object.assign(box, { type: 'checkbox', name, checked: WORDS[name].isChosen });
    const label = document.createElement('label');
    label.append(box, WORDS[name].text);
    part('groups', HTMLDivElement).append(label);
    return box;
  });
  const machine = part('machine', HTMLParagraphElement);
  const button = part('measure', HTMLButtonElement);
  const acquired = await acquireGpu(navigator.gpu);
  if (!acquired.ok) {
    machine.textContent = `${acquired.diagnostics.map(({ message }) => message).join(' ')} There is nothing to measure here.`;
    button.disabled = true;
    return;
  }
  machine.textContent = `GPU: ${acquired.value.name}. Browser: ${navigator.userAgent}`;
  acquired.value.device.destroy();
  const cancel = part('cancel', HTMLButtonElement);
  let stop = new AbortController();
  cancel.addEventListener('click', () => {
    cancel.disabled = true;
    stop.abort();
  });
  part('choice', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const chosen = GROUPS.filter((_, i) => boxes[i]?.checked);
    if (chosen.length === 0) {
      show('Choose at least one thing to measure.');
      return;
    }
    stop = new AbortController();
    cancel.disabled = false;
    void measured(chosen, stop.signal, openPeers);
  });
}

function show(fault: string | null): void {
  const place = part('fault', HTMLParagraphElement);
  place.hidden = fault === null;
  place.textContent = fault;
}

async function measured(
  chosen: readonly GroupName[],
  signal: AbortSignal,
  openPeers: (tell: (reason: string) => void) => Promise<Peer[]>,
): Promise<void> {
  const [results, state, bar] = [
    part('results', HTMLElement),
    part('state', HTMLParagraphElement),
    part('bar', HTMLProgressElement),
  ];
  const busy = (isBusy: boolean) => {
    part('measure', HTMLButtonElement).disabled = isBusy;
    part('cancel', HTMLButtonElement).hidden = !isBusy;
    part('progress', HTMLElement).hidden = !isBusy;
  };
  show(null);
  busy(true);
  results.replaceChildren();
  part('save', HTMLParagraphElement).hidden = true;
  const now = () => {
    signal.throwIfAborted(); // every measurement asks for the time, again and again
    return performance.now();
  };
  const leftOut: string[] = [];
  let report: Report | null = null;
  try {
    state.textContent = 'Opening …';
    const peers = await openPeers((reason) => leftOut.push(reason));
    report = await measureAll(navigator.gpu, now, chosen, peers, {
      signal,
      onGroup: (name, done) => {
        bar.value = done / chosen.length;
        if (name !== null) state.textContent = `${WORDS[name].text}: ${done + 1} of ${chosen.length} …`;
      },
      onPart: (markdown, contest) => results.append(sectionOf(markdown, contest)),
    });
    if (signal.aborted) show('Cancelled. What was measured before is below.');
  } catch (reason) {
    show(signal.aborted ? 'Cancelled.' : messageOf(reason));
  }
  for (const reason of leftOut) console.warn(`Left out: ${reason}`);
  if (report) offer(report);
  busy(false);
}

const messageOf = (reason: unknown): string =>
  `The measurement failed: ${reason instanceof Error ? reason.message : String(reason)}`;

/** A result: the bars first, where they say it all, and the numbers. */
function sectionOf(markdown: string, contest?: ContestResult): HTMLElement {
  const section = document.createElement('section');
  const [title, ...rest] = tablesOf(markdown);
  section.append(...(title ? [title] : []), ...(contest ? [barsOf(contest)] : []), ...rest);
  return section;
}

/** The report as files. */
function offer(report: Report): void {
  const { markdown, ...numbers } = report;
  const place = part('save', HTMLParagraphElement);
  for (const { href } of place.querySelectorAll('a')) URL.revokeObjectURL(href);
  const link = (label: string, download: string, text: string, type: string) => {
    const anchor = document.createElement('a');
    Object.assign(anchor, { textContent: label, className: 'button', download });
    anchor.href = URL.createObjectURL(new Blob([text], { type }));
    return anchor;
  };
  place.replaceChildren(
    link('Save as JSON', 'feasible-bench.json', JSON.stringify(numbers, null, 2), 'application/json'),
    link('Save as Markdown', 'feasible-bench.md', markdown, 'text/markdown'),
  );
  place.hidden = false;
}
