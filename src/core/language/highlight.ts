/** Which part of the text is what, for colouring; the editor builds its language support from the parser with these tags. */
import { styleTags, tags } from '@lezer/highlight';

export const highlighting = styleTags({
  'param data let': tags.definitionKeyword,
  'minimize maximize minimise maximise subject to st SuchThat in': tags.keyword,
  'Defined OptionName': tags.definition(tags.variableName),
  Name: tags.variableName,
  Callee: tags.function(tags.variableName),
  Number: tags.number,
  Comment: tags.lineComment,
  'Plus Minus Times Divide At Raise': tags.arithmeticOperator,
  'Comparison Relation/"="': tags.compareOperator,
  '"=" "~"': tags.definitionOperator,
  'Prefix/Name': tags.labelName,
  Member: tags.propertyName,
  '"(" ")"': tags.paren,
  '"[" "]"': tags.squareBracket,
  '"," ";" "." Colon': tags.separator,
});
