import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { withDefaults } from '../defaults.ts';
import { examples, smallest, threeRuns } from '../examples.fixture.ts';
import { anyExperiment } from '../experiment.arbitrary.ts';
import type { Experiment } from '../experiment.ts';
import { MAX_LINK_BYTES, MAX_LINK_PAYLOAD } from '../limits.ts';
import { toBase64url } from './base64url.ts';
import { decodeLink, encodeLink, isLink } from './codec.ts';
import { gzip } from './gzip.ts';

/** `npm run fuzz` makes many more. */
const RUNS = process.env.FEASIBLE_FUZZ ? 50_000 : 300;
const TIME = process.env.FEASIBLE_FUZZ ? 3_600_000 : 600_000;

const ownKeysOfPrototype = Reflect.ownKeys(Object.prototype).length;
afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype)).toHaveLength(ownKeysOfPrototype);
});

async function linkOf(experiment: Experiment): Promise<string> {
  const encoded = await encodeLink(experiment);
  if (!encoded.ok) throw new Error(encoded.diagnostics[0]?.message);
  return encoded.value;
}

const linkOfText = async (text: string) => `#e=1g.${toBase64url(await gzip(new TextEncoder().encode(text)))}`;

async function refusal(link: string): Promise<string> {
  const decoded = await decodeLink(link);
  return decoded.ok ? 'opened' : decoded.diagnostics.map(({ message }) => message).join('\n');
}

async function opened(link: string): Promise<Experiment | null> {
  const decoded = await decodeLink(link);
  return decoded.ok ? decoded.value.experiment : null;
}

describe('a link', () => {
  it(
    'carries the whole experiment',
    async () => {
      await fc.assert(
        fc.asyncProperty(anyExperiment, async (experiment) => {
          const decoded = await opened(await linkOf(experiment));
          expect(decoded && withDefaults(decoded)).toEqual(withDefaults(experiment));
        }),
        { numRuns: RUNS },
      );
    },
    TIME,
  );

  it.each(Object.entries(examples))('carries %s as it is', async (_, experiment) => {
    expect(await opened(await linkOf(experiment))).toEqual(experiment);
  });

  it('of a typical experiment is shorter than 1,000 characters', async () => {
    expect((await linkOf(threeRuns)).length).toBeLessThan(1000);
  });

  it('opens from a whole address, and as mail programs write it', async () => {
    const link = await linkOf(threeRuns);
    const middle = Math.floor(link.length / 2);
    const variants = [
      link.slice(1),
      `https://example.org/feasible/${link}`,
      `<https://example.org/${link}>`,
      `(see https://example.org/${link}).`,
      ` ${link}\r\n`,
      `${link.slice(0, middle)}\n  ${link.slice(middle)}`,
      link.replace('#', '%23').replace('=', '%3D'),
      `${link}&utm_source=mail`,
    ];
    for (const variant of variants) expect(await opened(variant)).toEqual(threeRuns);
  });

  it('that is too large is refused when it is made', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [Math.sin(i), Math.cos(i * i)]);
    const encoded = await encodeLink({ ...smallest, data: { X: { columns: ['a', 'b'], rows } } });
    expect(encoded.ok ? [] : encoded.diagnostics[0]?.message).toMatch(/too large for a link .* file/);
  });
});

describe('a link that was changed on the way', () => {
  it.each(Object.entries(examples))('every prefix of %s is refused as incomplete', async (_, experiment) => {
    const link = await linkOf(experiment);
    for (let length = '#e='.length; length < link.length; length++) {
      expect(await refusal(link.slice(0, length))).toMatch(/incomplete/);
    }
  });

  it.each(Object.entries(examples))(
    'every changed character of %s is refused, or changes nothing',
    async (_, experiment) => {
      const link = await linkOf(experiment);
      const letters = [...'A7z-_.%é=&'];
      for (let place = '#e='.length; place < link.length; place++) {
        const letter = letters[place % letters.length] ?? 'A';
        for (const other of [letter, flipped(link.charAt(place))]) {
          const decoded = await opened(`${link.slice(0, place)}${other}${link.slice(place + 1)}`);
          if (decoded) expect(decoded).toEqual(experiment);
        }
      }
    },
  );

  it(
    'is never another experiment',
    async () => {
      const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
      const damage = fc.constantFrom<(link: string, at: number, other: string) => string>(
        (link, at, other) => `${link.slice(0, at)}${other}${link.slice(at + 1)}`,
        (link, at, other) => `${link.slice(0, at)}${other}${link.slice(at)}`,
        (link, at) => `${link.slice(0, at)}${link.slice(at + 1)}`,
        (link, at) => link.slice(0, at),
        (link, at) => `${link.slice(0, at)}${link.charAt(at + 1)}${link.charAt(at)}${link.slice(at + 2)}`,
      );
      const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
      await fc.assert(
        fc.asyncProperty(anyExperiment, place, letter, damage, async (experiment, where, other, harm) => {
          const link = await linkOf(experiment);
          const at = '#e='.length + Math.floor(where * (link.length - '#e='.length));
          const decoded = await opened(harm(link, at, other));
          if (decoded) expect(withDefaults(decoded)).toEqual(withDefaults(experiment));
        }),
        { numRuns: RUNS },
      );
    },
    TIME,
  );

  it(
    'never throws on anything',
    async () => {
      const base64url = fc.stringMatching(/^[A-Za-z0-9_-]*$/);
      const links = fc.oneof(
        fc.string(),
        base64url.map((text) => `#e=1g.${text}`),
        fc.string().map((text) => `#e=${text}`),
      );
      await fc.assert(
        fc.asyncProperty(links, async (link) => {
          expect((await decodeLink(link)).ok).toBe(false);
        }),
        { numRuns: RUNS },
      );
    },
    TIME,
  );

  it.each([
    ['#section', /not a link/],
    ['', /not a link/],
    ['#e=', /incomplete/],
    ['#e=1', /incomplete/],
    ['#e=1g', /incomplete/],
    ['#e=1g.', /incomplete/],
    ['%', /not a link/],
    ['#e=1?.x', /damaged/],
    ['#e=2g.H4sIAAAA', /newer version/],
    ['#e=1q.H4sIAAAA', /does not know.*newer version/],
    [`#e=1g.${'A'.repeat(MAX_LINK_PAYLOAD + 1)}`, /too long/],
  ])('says what is wrong with "%s"', async (link, message) => {
    expect(await refusal(link)).toMatch(message);
  });

  it('knows other anchors from its own', () => {
    expect(['#section', '#', '', '#here=1', 'https://example.org/?e=1'].map(isLink)).toEqual(Array(5).fill(false));
    expect(['#e=', '#e=1g.abc', 'https://example.org/#e=1g.abc'].map(isLink)).toEqual(Array(3).fill(true));
  });
});

describe('what a link unpacks to', () => {
  it('is refused beyond the cap, whatever it would become', async () => {
    const bomb = await linkOfText(JSON.stringify({ ...smallest, notes: ' '.repeat(10_000_000) }));
    expect(bomb.length).toBeLessThan(MAX_LINK_PAYLOAD);
    const read = vi.spyOn(ReadableStreamDefaultReader.prototype, 'read');
    expect(await refusal(bomb)).toMatch(/more than 65,536 bytes/);
    const chunks = await Promise.all(
      read.mock.results.map(({ value }) => value as ReadableStreamReadResult<Uint8Array>),
    );
    read.mockRestore();
    const lengths = chunks.map(({ value }) => value?.length ?? 0);
    const held = lengths.reduce((sum, length) => sum + length, 0) - Math.max(...lengths); // the last chunk is let go
    expect(held).toBeLessThanOrEqual(MAX_LINK_BYTES);
  });

  it.each([
    ['{"version":1', /not an experiment/],
    ['[1,2]', /is an object/],
    ['{"version":2,"problem":"x = 1"}', /newer version/],
    [`{"version":1,"problem":"","notes":${'['.repeat(20_000)}${']'.repeat(20_000)}}`, /deeper than 8/],
    ['{"version":1,"problem":"","seed":1e999}', /seed is Infinity/],
  ])('is refused: %s', async (text, message) => {
    expect(await refusal(await linkOfText(text))).toMatch(message);
  });

  it('reaches into no prototype', async () => {
    const text =
      '{"version":1,"problem":"x = 1","__proto__":{"polluted":1},"view":{"constructor":{"prototype":{"polluted":1}}}}';
    const decoded = await decodeLink(await linkOfText(text));
    expect(decoded).toMatchObject({ ok: true, value: { experiment: { version: 1, problem: 'x = 1', view: {} } } });
    expect('polluted' in ((await opened(await linkOfText(text))) ?? { polluted: 1 })).toBe(false);
    expect(decoded.ok && decoded.value.diagnostics.map(({ message }) => message)).toEqual([
      'A field called "__proto__" was left out.',
      'A field called "constructor" was left out.',
    ]);
  });
});

/** Another character of the alphabet that differs in the lowest bit. */
const flipped = (letter: string): string => String.fromCharCode(letter.charCodeAt(0) ^ 1);
