import { describe, expect, it } from 'vitest';
import { frameSnippet, markdownBadge } from './share-formats.ts';

const LINK = 'https://example.org/feasible/#e=1g.abc_-';
const HOSTILE = '"><script>alert(1)</script>](javascript:x)\n![a](b) `c` &amp;';

describe('a link for other pages', () => {
  it('is a badge in Markdown', () => {
    expect(markdownBadge(LINK, 'Two ties')).toBe(
      `[![Two ties: open in Feasible](https://example.org/feasible/badge.svg)](${LINK})`,
    );
  });

  it('is a frame in HTML', () => {
    expect(frameSnippet(LINK, 'Two ties')).toContain(
      'src="https://example.org/feasible/?embed=1#e=1g.abc_-" title="Two ties"',
    );
  });

  it('stays what it is, whatever the title says', () => {
    const badge = markdownBadge(LINK, HOSTILE);
    expect(badge).not.toMatch(/(?<!\\)(?:\]\(javascript|<script)|\n/);
    expect(badge.endsWith(`](${LINK})`)).toBe(true);
    const frame = frameSnippet(LINK, HOSTILE);
    expect(frame.match(/[<>]/g)).toEqual(['<', '>', '<', '>']);
    expect(frame.match(/"/g)).toHaveLength(12);
  });
});
