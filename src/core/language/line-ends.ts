/** A line end separates statements where one can end; after an operator, after a comma and inside brackets it is blank. */
import { ExternalTokenizer } from '@lezer/lr';
import { lineBreak, newline } from './feasible.grammar.terms';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export const lineEnds = new ExternalTokenizer(
  (input, stack) => {
    if (input.next !== LINE_FEED && input.next !== CARRIAGE_RETURN) return;
    input.advance();
    input.acceptToken(stack.canShift(newline) ? newline : lineBreak);
  },
  { contextual: true },
);
