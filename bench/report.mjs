// Prints a report and keeps it in bench/results/ (not in version control).
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * @param {string} where  'browser' or 'node'
 * @param {import('./measure.ts').Report} report
 */
export function publish(where, { markdown, ...numbers }) {
  const folder = fileURLToPath(new URL('./results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${where}.json`, `${JSON.stringify(numbers, null, 2)}\n`);
  console.log(markdown);
  console.log(`Written to bench/results/${where}.json`);
}
