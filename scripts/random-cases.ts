/** The random cases of `npm test` are the same in every run of one tree; `npm run fuzz` draws others each time, and more. */
import fc from 'fast-check';

if (!import.meta.env.FEASIBLE_FUZZ) fc.configureGlobal({ seed: 20_261_123 });
