/** The libraries that a run can be exported to. */
import type { Catalog } from '../../contracts.ts';
import type { Result } from '../../diagnostic.ts';
import type { RunJson } from '../experiment.ts';
import { arrayScript } from './array-script.ts';
import type { Exported } from './chosen-run.ts';
import { jax } from './jax.ts';
import { numpy } from './numpy.ts';
import { pytorchScript } from './pytorch.ts';

export function scriptIn(
  library: 'pytorch' | 'numpy' | 'jax',
  exported: Exported,
  run: RunJson,
  catalog: Catalog,
): Result<string> {
  if (library === 'pytorch') return pytorchScript(exported, run, catalog);
  return arrayScript(exported, run, catalog, library === 'numpy' ? numpy : jax);
}
