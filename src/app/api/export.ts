/** What leaves the page: the experiment, its numbers, a script, a picture. */
import type { Listing } from '../../core/contracts.ts';
import { failure, fault, type Result, success } from '../../core/diagnostic.ts';
import { encodeLink } from '../../core/experiment/link/codec.ts';
import { writtenExperiment } from '../../core/experiment/link/file.ts';
import { printDocumentLatex } from '../../core/language/print-latex.ts';
import { read } from '../../core/language/read.ts';
import { entries } from '../entries.ts';
import { escapeHtml } from '../panels/header/share-formats.ts';
import { runNames } from '../store/run-name.ts';
import type { Store, StoreApi } from '../store/store.ts';
import { runsAsCsv } from './csv.ts';
import { runResult } from './run-result.ts';
import type { RunResult } from './types.ts';

export type ScriptLibrary = 'pytorch' | 'numpy' | 'jax';

/** The chosen run as a script; in words why not, where it has none. */
export async function exportScript(store: StoreApi, library: ScriptLibrary): Promise<Result<string>> {
  await store.getState().examine();
  const { study, studied, diagnosed, diagnostics, experiment, selectedRun } = store.getState();
  if (study === null || studied !== diagnosed) return failure(...diagnostics);
  const runs = experiment.runs ?? [];
  const run = runs[selectedRun] ?? runs[0];
  if (!run) return fault('There is no run to export yet: add one first.');
  const { problem, structure } = study;
  const exported = { problem, structure, title: experiment.title ?? '', text: experiment.problem };
  const [{ scriptIn }, catalog] = await Promise.all([import('../../core/experiment/python/libraries.ts'), entries()]);
  return scriptIn(library, exported, run, catalog);
}

/** What the page shows, as a figure with the whole paths. */
export async function exportPicture(store: StoreApi, catalog: Listing, format: 'svg' | 'png'): Promise<Result<Blob>> {
  const { pictureImage } = await import('../panels/stage/picture-image.ts');
  const picture = await pictureImage(store.getState(), catalog, format);
  return picture ? success(picture) : fault(NOTHING_YET);
}

/** The problem as it stands in a paper. */
export function exportLatex({ experiment, study, studied }: Store): Result<string> {
  const document = read(experiment.problem);
  const entrywise = studied?.text === experiment.problem ? study?.problem.entrywise : undefined;
  return document.ok ? success(`${printDocumentLatex(document.value, undefined, entrywise)}\n`) : document;
}

/** `{ experiment, results }`: every recorded step of every run, with all digits. */
export async function exportRuns(store: StoreApi): Promise<Result<string>> {
  const results = await resultsOf(store);
  return results.ok
    ? success(
        `${JSON.stringify({ experiment: writtenExperiment(store.getState().snapshot()), results: results.value })}\n`,
      )
    : results;
}

/** The same as a table. */
export async function exportCsv(store: StoreApi): Promise<Result<string>> {
  const { picture, snapshot } = store.getState();
  const results = await resultsOf(store);
  if (!results.ok) return results;
  const names = runNames(
    (picture?.results ?? []).map(({ run }) => run),
    await entries(),
  );
  return success(runsAsCsv(results.value, names, snapshot()));
}

async function resultsOf(store: StoreApi): Promise<Result<readonly RunResult[]>> {
  const { picture, executorChoice } = store.getState();
  if (picture === null) return fault(NOTHING_YET);
  const catalog = await entries();
  return success(picture.results.map((computed) => runResult(computed, picture.study, executorChoice, catalog)));
}

/** One file with the picture inside it, and the way back: no script, nothing from elsewhere. `page`: the address of this page. */
export async function exportPage(store: StoreApi, catalog: Listing, page: string): Promise<Result<string>> {
  const { pictureImage } = await import('../panels/stage/picture-image.ts');
  const picture = await pictureImage(store.getState(), catalog, 'svg', { isTitled: false }); // the page has a heading
  if (picture === null) return fault(NOTHING_YET);
  const { experiment, snapshot } = store.getState();
  const link = await encodeLink(snapshot());
  const title = escapeHtml(experiment.title ?? 'Feasible');
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const source = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return success(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${title}</title>
<style>body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem } img { width: 100% }</style>
</head>
<body>
<h1>${title}</h1>
<img alt="The paths of the runs on the feasible set" src="data:image/svg+xml;base64,${source}">
<pre>${escapeHtml(experiment.problem)}</pre>
${link.ok ? `<p><a href="${escapeHtml(page)}${link.value}">Open in Feasible</a></p>` : ''}
</body>
</html>
`);
}

const NOTHING_YET = 'There is nothing to export yet: run the experiment first.';
