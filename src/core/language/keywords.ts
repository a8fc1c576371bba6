/** The words of the language, for completion and hover. */

export interface KeywordEntry {
  /** As in a text. */
  readonly example: string;
  readonly meaning: string;
}

export const KEYWORDS: ReadonlyMap<string, KeywordEntry> = new Map([
  ['minimize', { example: 'minimize (x - 1)^2', meaning: 'The loss: one number that is made small.' }],
  [
    'maximize',
    { example: 'maximize x*y', meaning: 'The objective: one number that is made large. The loss is its negative.' },
  ],
  [
    'subject to',
    {
      example: 'subject to x + y = 1',
      meaning: 'Constraints follow, one a line or with ; between them; also written st or s.t.',
    },
  ],
  [
    'param',
    {
      example: 'param w[3] = [1, 2, 3]',
      meaning:
        'What is learned: name, lengths, start. Without a start, 0; ~ normal(0, 1) or uniform(-1, 1) draws it from the seed.',
    },
  ],
  [
    'let',
    {
      example: 'let p = sigmoid(X @ w)',
      meaning: 'A name for an intermediate value. One that is a number has a chart.',
    },
  ],
  ['data', { example: 'data A[2,2] = [[1, 0], [0, 1]]', meaning: 'Numbers that stay as they are.' }],
]);
