/** What one file of the catalogue provides: constraint kinds, optimizers, methods, data sets, each with settings, source and examples. */
export * from './contracts/catalog.ts';
export * from './contracts/constraint-kind.ts';
export * from './contracts/data.ts';
export * from './contracts/dataset.ts';
export * from './contracts/entry.ts';
export * from './contracts/evidence.ts';
export * from './contracts/listing.ts';
export * from './contracts/method.ts';
export * from './contracts/method-problem.ts';
export * from './contracts/optimizer.ts';
export * from './contracts/start-measures.ts';
export * from './contracts/support.ts';
export * from './settings.ts';
