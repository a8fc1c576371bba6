/** What there is to say of a method and an optimizer before they run. */
import type { Structure } from '../../analysis/structure.ts';
import type { Method, Optimizer } from '../../contracts.ts';
import { chooseSettings } from '../chosen-settings.ts';
import type { SettingsJson } from '../experiment.ts';

/** What the method says of the optimizer before any run; null where it comes to the optimum, or does not apply. */
export function caveatFor(
  structure: Structure,
  method: Method,
  optimizer: Optimizer,
  settings: SettingsJson,
): string | null {
  if (method.optimizer !== 'any' || !method.caveat) return null;
  const chosen = chooseSettings(method, settings);
  if (!chosen.ok || !method.supports(structure, chosen.value).supported) return null;
  return method.caveat(structure, optimizer, chosen.value);
}
