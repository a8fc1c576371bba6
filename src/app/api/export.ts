/** What leaves the page: the experiment, its numbers, a script, a picture. */
import type { Catalog } from '../../core/contracts.ts';
import { failure, fault, type Result } from '../../core/diagnostic.ts';
import { pytorchScript } from '../../core/experiment/python/pytorch.ts';
import type { StoreApi } from '../store/store.ts';

/** The chosen run as a PyTorch script; in words why not, where it has none. */
export async function exportPytorch(store: StoreApi, catalog: Catalog): Promise<Result<string>> {
  await store.getState().examine();
  const { study, studied, diagnosed, diagnostics, experiment, selectedRun } = store.getState();
  if (study === null || studied !== diagnosed) return failure(...diagnostics);
  const runs = experiment.runs ?? [];
  const run = runs[selectedRun] ?? runs[0];
  if (!run) return fault('There is no run to export yet: add one first.');
  const { problem, structure } = study;
  return pytorchScript({ problem, structure, title: experiment.title ?? '', text: experiment.problem }, run, catalog);
}

/** What the page shows, as a figure with the whole paths. */
export async function exportPicture(store: StoreApi, catalog: Catalog, format: 'svg' | 'png'): Promise<Blob | null> {
  const { pictureImage } = await import('../panels/picture-image.ts');
  return pictureImage(store.getState(), catalog, format);
}
