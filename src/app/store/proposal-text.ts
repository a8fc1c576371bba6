/** The proposed method in words. */
import type { Listing } from '../../core/contracts.ts';
import type { Study } from '../study.ts';

/** The method that is proposed first, by its title, and what speaks for it. */
export function proposalOf(study: Study, catalog: Listing): string | null {
  const [first] = study.proposals;
  const title = catalog.methods.find(({ id }) => id === first?.method)?.title;
  return first && title ? `${title}. ${first.reason}` : null;
}
