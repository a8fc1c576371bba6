/** Bounds on what a text may hold, so that a stranger's text cannot occupy the page. Each has a message that says what fits. */

/** 1,000,000; what is no whole number as it is. */
export const count = (value: number): string =>
  Number.isInteger(value) ? value.toLocaleString('en-US') : String(value);

export const MAX_CHARACTERS = 20_000;
export const MAX_DEPTH = 200;
/** Nodes of all expressions, and recorded tensor operations of the checked problem. */
export const MAX_NODES = 50_000;
/** Scalar entries of all parameters together. */
export const MAX_PARAMETER_ENTRIES = 1_000_000;
export const MAX_CONSTRAINTS = 10_000;
export const MAX_CONSTRAINT_ROWS = 1_000_000;
/** Entries of one intermediate tensor. */
export const MAX_TENSOR_ENTRIES = 16_777_216;
/** Derivatives of derivatives of …, through definitions too. */
export const MAX_DERIVATIVES = 6;
/** Expressions looked at while a text is checked: each derivative looks at what it differentiates anew. */
export const MAX_VISITS = 1_000_000;
/** A text with many faults is described by its first ones. */
export const MAX_DIAGNOSTICS = 20;

export const tooLong = (characters: number): string =>
  `The text has ${count(characters)} characters; at most ${count(MAX_CHARACTERS)} fit. Move long lists of numbers into a data file.`;
export const tooDeep = `Brackets, signs, powers and indices are nested more than ${MAX_DEPTH} deep here. Name a part of it with let.`;
export const tooManyDerivatives = `Derivatives are taken of derivatives at most ${MAX_DERIVATIVES} times.`;
export const tooManyNodes = `The problem has more than ${count(MAX_NODES)} operations. Use vectors and matrices instead of single entries.`;
export const tooManyEntries = (entries: number): string =>
  `The parameters have ${count(entries)} entries together; at most ${count(MAX_PARAMETER_ENTRIES)} fit.`;
export const tooManyConstraints = (constraints: number): string =>
  `There are ${count(constraints)} constraints; at most ${count(MAX_CONSTRAINTS)} fit. One line may hold a whole vector: w >= 0.`;
export const tooManyRows = (rows: number): string =>
  `The constraints have ${count(rows)} rows together; at most ${count(MAX_CONSTRAINT_ROWS)} fit.`;
export const tooLargeTensor = (entries: number): string =>
  `This value has ${count(entries)} entries; at most ${count(MAX_TENSOR_ENTRIES)} fit.`;
