/** The proposed method in words. */
import { proposals } from '../../core/analysis/proposal.ts';
import type { Catalog } from '../../core/contracts.ts';
import type { Study } from '../study.ts';

/** The method that is proposed first, by its title, and what speaks for it. */
export function proposalOf(study: Study, catalog: Catalog): string | null {
  const [first] = proposals(study, catalog);
  const title = catalog.methods.find(({ id }) => id === first?.method)?.title;
  return first && title ? `${title}. ${first.reason}` : null;
}
