import { expect, test } from 'vitest';
import { fakeChunk } from './fakes.fixture.ts';
import { append, type Trajectory } from './trajectory.ts';

const chunks = Array.from({ length: 100 }, (_, step) => fakeChunk(0, step, step / 10));

/** The trajectory after each chunk. */
function grown(): Trajectory[] {
  const all: Trajectory[] = [];
  for (const chunk of chunks) all.push(append(all.at(-1) ?? null, chunk));
  return all;
}

test('a trajectory holds the records of all chunks in their order', () => {
  const last = grown().at(-1);
  expect(last?.steps).toEqual(chunks.map((_, step) => step));
  expect([...(last?.measures.loss ?? [])]).toEqual(chunks.map((_, step) => step / 10));
  expect([...(last?.iterates ?? [])]).toEqual(chunks.flatMap((_, step) => [step / 10, step / 10]));
});

test('each trajectory stays as it was, whatever is appended to it later', () => {
  const all = grown();
  const [early] = all.slice(9);
  if (!early) throw new Error('ten chunks at least');
  const other = append(early, fakeChunk(0, 10, -1));
  all.forEach(({ iterates, measures }, k) => {
    expect([...measures.loss]).toEqual(chunks.slice(0, k + 1).map((_, step) => step / 10));
    expect(iterates).toHaveLength(2 * (k + 1));
  });
  expect(other.measures.loss.at(-1)).toBe(-1);
  expect([...other.measures.loss.subarray(0, 10)]).toEqual([...early.measures.loss]);
});

test('a hundred chunks are copied as often as they double, not a hundred times', () => {
  expect(new Set(grown().map(({ iterates }) => iterates.buffer)).size).toBeLessThanOrEqual(
    2 + Math.log2(chunks.length),
  );
});

test('of as many records as were announced nothing is copied', () => {
  let last: Trajectory | null = null;
  const buffers = new Set<ArrayBufferLike>();
  for (const chunk of chunks) {
    last = append(last, chunk, chunks.length);
    buffers.add(last.iterates.buffer);
  }
  expect(buffers.size).toBe(1);
  expect([...(last?.iterates ?? [])]).toEqual(chunks.flatMap((_, step) => [step / 10, step / 10]));
  expect(append(last, fakeChunk(0, 100, 7), chunks.length).steps).toHaveLength(101); // more than that have room, too
});
