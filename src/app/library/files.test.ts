import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { encodeLink } from '../../core/experiment/link/codec.ts';
import { writeExperiment } from '../../core/experiment/link/file.ts';
import { emptyCatalog, fakeAnalyst, fakeExecutor } from '../store/fakes.fixture.ts';
import { createStore } from '../store/store.ts';
import { fileName, openDropped, openFileOf, openText, textOf } from './files.ts';

const first: Experiment = { version: 1, title: 'first', problem: 'minimize x' };
const other: Experiment = { version: 1, title: 'other', problem: 'minimize y' };
interface Opened {
  readonly draft?: { readonly fileName: string; readonly text: string };
  readonly notices?: readonly RegExp[];
  readonly problem?: string;
}
const open = () => createStore({ analyst: fakeAnalyst(), executor: fakeExecutor(), catalog: emptyCatalog }, first);

describe('files', () => {
  it('are named after the title, whatever it holds', () => {
    expect(fileName('The corner of a box')).toBe('The-corner-of-a-box.feasible.json');
    expect(fileName('../../etc/passwd')).toBe('etc-passwd.feasible.json');
    expect(fileName('<script>')).toBe('script.feasible.json');
    expect(fileName('λ = ½')).toBe('λ-½.feasible.json');
    expect(fileName(`${'a'.repeat(59)}𝔸𝔹`)).toBe(`${'a'.repeat(59)}𝔸.feasible.json`);
    expect(fileName('…')).toBe('experiment.feasible.json');
  });

  it('open, and so do links', async () => {
    const store = open();
    await openText(writeExperiment(other), store, emptyCatalog);
    expect(store.getState().experiment).toMatchObject(other);
    const link = await encodeLink(first);
    if (!link.ok) throw new Error('it is encoded');
    await openText(`https://example.org/${link.value}\n`, store, emptyCatalog);
    expect(store.getState().experiment).toMatchObject(first);
  });

  it('that is another address says so', async () => {
    const store = open();
    await openText('https://example.org/a.json', store, emptyCatalog);
    expect(store.getState().notices).toMatchObject([{ message: expect.stringContaining('holds no experiment') }]);
  });

  it('that come together are not guessed at: none is opened, and how many there were is said', async () => {
    const store = open();
    const files = [first, other].map((kept) => new File([writeExperiment(kept)], `${kept.title}.feasible.json`));
    await openDropped(files, store, emptyCatalog);
    expect(store.getState()).toMatchObject({
      experiment: first,
      isRefused: true,
      notices: [{ message: expect.stringContaining('2 files') }],
    });
    await openDropped(files.slice(1), store, emptyCatalog);
    expect(store.getState()).toMatchObject({ experiment: other, notices: [] });
  });

  it('are not read where they are too large', async () => {
    let reads = 0;
    const file = (size: number) => ({
      size,
      text: async () => {
        reads += 1;
        return 'text';
      },
    });
    expect(await textOf(file(50_000_001))).toMatchObject({ ok: false });
    expect(reads).toBe(0);
    expect(await textOf(file(4))).toEqual({ ok: true, value: 'text' });
  });

  it.each([
    ['train.py', 'import torch', { problem: 'import torch' }],
    ['returns.txt', '1 2\n3 4', { draft: { fileName: 'returns.txt', text: '1 2\n3 4' } }],
    ['sheet.xlsx', 'PK', { notices: [/as CSV/] }],
    ['other.txt', writeExperiment(other), { problem: other.problem }],
  ])('opens %s as what it is', async (name, text, expected) => {
    const { draft = null, notices = [], problem = first.problem } = expected as Opened;
    const store = open();
    await openFileOf(new File([text], name), store, emptyCatalog);
    const state = store.getState();
    expect(state.experiment.problem).toBe(problem);
    expect(state.dataDraft).toEqual(draft);
    expect(state.notices.map(({ message }) => message)).toEqual(notices.map((says) => expect.stringMatching(says)));
  });

  it.each(['', 'not JSON', '{"version": 1}', '[]', '{"version": 1, "problem": 3}'])(
    '%j keeps what is open',
    async (text) => {
      const store = open();
      await openText(text, store, emptyCatalog);
      expect(store.getState().experiment).toBe(first);
      expect(store.getState().notices).not.toEqual([]);
    },
  );
});
