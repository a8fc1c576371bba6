/** Experiment ⇄ link. The link is `#e=<version><encoding>.<payload>`: gzip of the shortest JSON, in base64url. */
import { fault, type Result, success } from '../../diagnostic.ts';
import { withoutDefaults } from '../defaults.ts';
import type { Experiment } from '../experiment.ts';
import { counted, MAX_LINK_BYTES, MAX_LINK_PAYLOAD } from '../limits.ts';
import { CURRENT_VERSION, newerVersion } from '../migrate.ts';
import { asMeant, toWrite } from '../time-of-writing.ts';
import { type Validated, validateExperiment } from '../validate.ts';
import { fromBase64url, toBase64url } from './base64url.ts';
import { gunzip, gzip } from './gzip.ts';

/** Gzip in base64url. A new encoding takes a new letter, and this one is read for ever. */
const ENCODING = 'g';

const ASK_AGAIN = 'Copy it once more from where it came from.';
const INCOMPLETE = `The link is incomplete: its end is missing. ${ASK_AGAIN}`;
const DAMAGED = `The link is damaged: a character of it was changed on the way. ${ASK_AGAIN}`;
const TOO_LARGE = `The link holds more than ${counted(MAX_LINK_BYTES)} bytes. An experiment of this size travels as a file.`;
const FOREIGN = 'This is not a link to an experiment: it has no part that begins with #e=.';

/** Fails only where the experiment is too large for a link. */
export async function encodeLink(experiment: Experiment): Promise<Result<string>> {
  const json = new TextEncoder().encode(JSON.stringify(toWrite(withoutDefaults(experiment))));
  if (json.length > MAX_LINK_BYTES) return tooLarge(json.length, MAX_LINK_BYTES, 'bytes unpacked'); // and is not packed for nothing
  const payload = toBase64url(await gzip(json));
  if (payload.length > MAX_LINK_PAYLOAD) return tooLarge(payload.length, MAX_LINK_PAYLOAD, 'characters');
  return success(`#e=${CURRENT_VERSION}${ENCODING}.${payload}`);
}

const tooLarge = (size: number, most: number, unit: string) =>
  fault(
    `The experiment is too large for a link (${counted(size)} ${unit}; at most ${counted(most)}). Save it as a file instead.`,
  );

/** Whether an address or a pasted text means to carry an experiment; other anchors are not ours. */
export const isLink = (text: string): boolean => carried(text) !== null;

/** Never rejects. Takes a whole address, its hash, or what a mail program made of either. */
export async function decodeLink(link: string): Promise<Result<Validated>> {
  const written = carried(link);
  if (written === null) return fault(FOREIGN);
  const parts = /^(\d+)([a-z]+)\.(.*)$/is.exec(written);
  if (parts === null) return fault(/^\d*[a-z]*\.?$/i.test(written) ? INCOMPLETE : DAMAGED);
  const [, version = '', encoding = '', payload = ''] = parts;
  if (Number(version) > CURRENT_VERSION) return fault(newerVersion(Number(version)));
  if (version !== String(CURRENT_VERSION)) return fault(DAMAGED);
  if (encoding !== ENCODING) return fault(unknownEncoding(encoding));
  if (payload.length > MAX_LINK_PAYLOAD) {
    const size = `${counted(payload.length)} characters, at most ${counted(MAX_LINK_PAYLOAD)} are read`;
    return fault(`The link is too long: ${size}. An experiment of this size travels as a file.`);
  }
  return unpack(payload);
}

async function unpack(payload: string): Promise<Result<Validated>> {
  const isForeign = /[^A-Za-z0-9_-]/.test(payload);
  const bytes = fromBase64url(payload);
  if (bytes === null || bytes.length < 18) return fault(isForeign ? DAMAGED : INCOMPLETE); // gzip of nothing has 20 bytes
  const unpacked = await gunzip(bytes, MAX_LINK_BYTES);
  switch (unpacked.outcome) {
    case 'cut short':
      return fault(INCOMPLETE);
    case 'damaged':
      return fault(DAMAGED);
    case 'too large':
      return fault(TOO_LARGE);
    case 'complete': {
      const json = parseJson(unpacked.bytes);
      return json.ok ? validateExperiment(asMeant(json.value)) : json;
    }
  }
}

function parseJson(bytes: Uint8Array): Result<unknown> {
  try {
    return success(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    return fault('The link was made wrongly: what it holds is not an experiment.');
  }
}

const unknownEncoding = (encoding: string): string =>
  `The link is written in a way that this page does not know ("${encoding}"). It is damaged, or was made by a newer version: reload the page.`;

/** What stands behind `#e=`, freed of what mail and chat programs add; null where there is no such thing. */
function carried(text: string): string | null {
  const compact = percentDecoded(text).replace(/[\s\u00ad\u200b-\u200d\u2060\ufeff]/g, '');
  const start = /(?:#|^)e=/.exec(compact);
  if (start === null) return null;
  const behind = compact.slice(start.index + start[0].length);
  return behind.replace(/[&#].*$/s, '').replace(/[.,;:!?)\]}>'"”’»]+$/, '');
}

function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
