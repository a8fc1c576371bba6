/** What methods write their part of a PyTorch script with. They are handed it: the page loads it when a script is asked for. */
export { lagrangianCall, lagrangianParts } from './lagrangian.ts';
export { float, tensor } from './literal.ts';
export { torchMap } from './maps.ts';
export { mapBody, parametrized } from './parametrized.ts';
export { uniformNumbers } from './random.ts';
export { alongSets, optimizerLine, projection, rowsOf, scaleLines, X, X_ON_THE_SET } from './setup.ts';
