/** Experiment ⇄ file: indented JSON, readable, and of any size that a page can hold. */
import { fault, type Result } from '../../diagnostic.ts';
import { withoutDefaults } from '../defaults.ts';
import type { Experiment } from '../experiment.ts';
import { counted, MAX_FILE } from '../limits.ts';
import { asMeant, toWrite } from '../time-of-writing.ts';
import { type Validated, validateExperiment } from '../validate.ts';

/** Whole, as a part of other JSON. */
export const writtenExperiment = (experiment: Experiment): Experiment => toWrite(withoutDefaults(experiment));

export const writeExperiment = (experiment: Experiment): string =>
  `${JSON.stringify(writtenExperiment(experiment), null, 2)}\n`;

export function readExperiment(text: string): Result<Validated> {
  if (text.length > MAX_FILE)
    return fault(`The file has ${counted(text.length)} characters; at most ${counted(MAX_FILE)} fit.`);
  try {
    return validateExperiment(asMeant(JSON.parse(text.replace(/^\ufeff/, ''))));
  } catch {
    return fault('The file is not an experiment: it is not JSON.');
  }
}
