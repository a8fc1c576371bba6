/** Text → Document, or what is wrong with it, with what mends it. */
import { failure, type Result } from '../diagnostic.ts';
import type { Document } from './document.ts';
import { MAX_CHARACTERS } from './limits.ts';
import { withFixes } from './mend.ts';
import { read } from './read.ts';

/** As `read`; where that fails, each line is tried as it would be written here. Who only wants the document reads it: that is less to load. */
export function parse(text: string): Result<Document> {
  const document = read(text);
  if (document.ok || text.length > MAX_CHARACTERS) return document;
  return failure(...withFixes(text, document.diagnostics, read));
}
