import { describe, expect, it } from 'vitest';
import { setsInWords } from './sets-in-words.ts';

const words = (...sets: (readonly [kind: string, ...coordinates: number[]])[]) =>
  setsInWords(
    sets.map(([kind, ...coordinates]) => ({ kind, coordinates })),
    (kind) => kind,
  );

describe('several sets', () => {
  it('are an intersection where they share entries, and a product where they share none', () => {
    expect(words(['Ball', 0, 1])).toBe('Ball');
    expect(words(['Ball', 0, 1], ['Ball', 0, 1])).toBe('Ball ∩ Ball');
    expect(words(['Ball', 0, 1], ['Simplex', 2, 3])).toBe('Ball × Simplex');
    expect(words(['Ball', 0, 1], ['Simplex', 3, 4], ['Half-space', 1, 2])).toBe('(Ball ∩ Half-space) × Simplex');
    expect(words()).toBe('');
  });

  it('are one intersection where a later one meets two that were apart', () => {
    expect(words(['Ball', 0, 1], ['Simplex', 2, 3], ['Affine set', 1, 2])).toBe('Ball ∩ Affine set ∩ Simplex');
  });

  it('are counted where there are many of a kind', () => {
    expect(words(['Ball', 0], ['Ball', 1], ['Ball', 2], ['Ball', 3])).toBe('Ball × … × Ball (4)');
  });
});
