/** Test support. */
import { type Study, study } from '../core/experiment/study/study.ts';
import { catalog } from './registry.ts';

/** All that is found out of a text that is right; of any other, an error with what is wrong in it. */
export function studied(text: string): Study {
  const result = study(text, 0, catalog);
  if (!result.ok) throw new Error([text, ...result.diagnostics.map(({ message }) => message)].join('\n'));
  return result.value;
}
