/** What the page lists. As `listing.ts?evaluated` it travels as data, and what the entries compute does not travel with it. */
import { listingOf } from '../core/contracts.ts';
import { catalog } from './registry.ts';

export default listingOf(catalog);
