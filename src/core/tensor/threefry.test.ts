import { describe, expect, it } from 'vitest';
import { at } from '../diagnostic.ts';
import { Machine } from './evaluate.ts';
import { Ops, type RandomSource, type Tensor } from './ops.ts';
import { type RandomPlace, shuffledAt, threefry, uniformAt } from './threefry.ts';
import { levelOf } from './value.ts';

const place: RandomPlace = { low: 7, high: 0, start: 0, t: 0, stream: 0 };
const uniforms = (count: number, other: Partial<RandomPlace> = {}) =>
  Float64Array.from({ length: count }, (_, element) => uniformAt({ ...place, ...other }, element));
const mean = (numbers: ArrayLike<number>) =>
  Array.from(numbers).reduce((sum, entry) => sum + entry, 0) / numbers.length;
const correlation = (a: Float64Array, b: Float64Array) =>
  mean(a.map((entry, i) => (entry - 0.5) * (at(b, i) - 0.5))) * 12;

describe('Threefry-2x32', () => {
  // Known answers published with Random123, kat_vectors: threefry2x32, 20 rounds.
  it.each([
    [0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xc4923a9c, 0x483df7a0],
  ])('of counter %i, %i and key %i, %i is as published', (c0, c1, k0, k1, x, y) => {
    expect(threefry([k0, k1], [c0, c1])).toEqual([x, y]);
  });
});

describe('uniform numbers', () => {
  const count = 1 << 14;
  const numbers = uniforms(count);

  it('are odd multiples of 2⁻²⁴ between 0 and 1, so single precision holds them', () => {
    for (const number of numbers) {
      expect(Math.abs((number * 2 ** 24) % 2)).toBe(1);
      expect(Math.fround(number)).toBe(number);
    }
    expect(Math.min(...numbers)).toBeGreaterThan(0);
    expect(Math.max(...numbers)).toBeLessThan(1);
  });

  it('have the moments of the uniform distribution, within five standard errors', () => {
    for (const power of [1, 2, 3, 4]) {
      const [expected, square] = [1 / (power + 1), 1 / (2 * power + 1)];
      const error = Math.sqrt((square - expected ** 2) / count);
      expect(Math.abs(mean(numbers.map((entry) => entry ** power)) - expected)).toBeLessThan(5 * error);
    }
  });

  it('fill 256 classes evenly: χ² within five standard deviations of its mean', () => {
    const classes = new Float64Array(256);
    for (const number of numbers) classes[Math.floor(number * 256)] = at(classes, Math.floor(number * 256)) + 1;
    const chi = classes.reduce((sum, found) => sum + (found - count / 256) ** 2 / (count / 256), 0);
    expect(Math.abs(chi - 255)).toBeLessThan(5 * Math.sqrt(2 * 255));
  });

  it.each([
    ['seeds', { low: 8 }],
    ['high parts of seeds', { high: 1 }],
    ['starts', { start: 1 }],
    ['steps', { t: 1 }],
    ['streams', { stream: 1 }],
  ])('of different %s have nothing to do with one another', (_, other) => {
    const others = uniforms(count, other);
    expect(others).not.toEqual(numbers);
    for (const shift of [0, 1, 2]) {
      const shifted = others.map((_, i) => at(others, (i + shift) % count));
      expect(Math.abs(correlation(numbers, shifted))).toBeLessThan(5 / Math.sqrt(count));
    }
    expect(uniforms(count, other)).toEqual(others);
  });
});

describe('shuffled numbers', () => {
  const drawsOf = (steps: number, size: number, count: number, other: Partial<RandomPlace> = {}) =>
    Array.from({ length: steps }, (_, t) =>
      Array.from({ length: size }, (_, element) => shuffledAt({ ...place, ...other, t }, element, size, count)),
    );

  it.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [10, 4],
    [97, 16],
    [100, 100],
    [1000, 64],
  ])('of %i come once each in as many draws, %i a step', (count, size) => {
    const all = drawsOf(3 * count, size, count).flat();
    for (let epoch = 0; epoch < 3 * size; epoch++) {
      const drawn = all.slice(epoch * count, (epoch + 1) * count).sort((a, b) => a - b);
      expect(drawn).toEqual(Array.from({ length: count }, (_, row) => row));
    }
  });

  it.each([2, 3, 4, 5])('take every order of %i equally often: χ² within five standard deviations', (count) => {
    const orders = Array.from({ length: count }, (_, i) => i + 1).reduce((product, factor) => product * factor, 1);
    const epochs = 200 * orders;
    const found = new Map<string, number>();
    for (const drawn of drawsOf(epochs, count, count)) {
      const order = drawn.join();
      found.set(order, (found.get(order) ?? 0) + 1);
    }
    expect(found.size).toBe(orders);
    const chi = [...found.values()].reduce((sum, times) => sum + (times - 200) ** 2 / 200, 0);
    expect(Math.abs(chi - (orders - 1))).toBeLessThan(5 * Math.sqrt(2 * (orders - 1)));
  });

  it('put any row at any place, and next to any other, equally often', () => {
    const [count, epochs] = [23, 6000];
    const places = new Float64Array(count * count);
    const pairs = new Float64Array(count * count);
    for (const drawn of drawsOf(epochs, count, count)) {
      drawn.forEach((row, position) => {
        places[row * count + position] = at(places, row * count + position) + 1;
        const next = drawn[position + 1];
        if (next !== undefined) pairs[row * count + next] = at(pairs, row * count + next) + 1;
      });
    }
    const chi = (found: Float64Array, cells: number) => {
      const expected = found.reduce((sum, entry) => sum + entry, 0) / cells;
      return found.filter((entry) => entry > 0).reduce((sum, entry) => sum + (entry - expected) ** 2 / expected, 0);
    };
    const degrees = (count - 1) ** 2;
    expect(Math.abs(chi(places, count * count) - degrees)).toBeLessThan(5 * Math.sqrt(2 * degrees));
    expect(pairs.filter((entry) => entry > 0).length).toBe(count * (count - 1));
    const free = count * (count - 1) - count;
    expect(Math.abs(chi(pairs, count * (count - 1)) - free)).toBeLessThan(6 * Math.sqrt(2 * free));
  });

  it('differ from seed to seed', () => {
    expect(drawsOf(1, 50, 50)).not.toEqual(drawsOf(1, 50, 50, { low: 8 }));
  });
});

describe('as tensors', () => {
  const source = (ops: Ops): RandomSource => ({
    seed: ops.input('setting', 'seed', [2]),
    start: ops.input('index', 'start', []),
    t: ops.input('time', 't', []),
    stream: 3,
  });
  const numbersOf = (build: (ops: Ops, source: RandomSource) => Tensor, seed: readonly number[], t: number) => {
    const ops = new Ops();
    const from = source(ops);
    const { id } = build(ops, from);
    const machine = new Machine(ops);
    machine.numbers(from.seed.id).set(seed);
    machine.numbers(from.t.id)[0] = t;
    machine.procedure([id])();
    return machine.numbers(id).slice();
  };

  it('they are of level step: each start and step has its own', () => {
    const ops = new Ops();
    const from = source(ops);
    for (const tensor of [
      ops.random('uniform', [2, 3], from),
      ops.random('normal', [4], from),
      ops.randomIndex(2, 9, from),
    ])
      expect(levelOf(ops.valueOf(tensor).uses)).toBe('step');
  });

  it('normal numbers have the moments of the normal distribution, within five standard errors', () => {
    const count = 1 << 13;
    const normal = numbersOf((ops, from) => ops.random('normal', [count], from), [1, 2], 5);
    const moments = [
      [1, 0, 1],
      [2, 1, 2],
      [3, 0, 15],
      [4, 3, 96],
    ] as const;
    for (const [power, expected, variance] of moments)
      expect(Math.abs(mean(normal.map((entry) => entry ** power)) - expected)).toBeLessThan(
        5 * Math.sqrt(variance / count),
      );
  });

  it('rows are gathered in the order of the indices, as often as they are named', () => {
    const gathered = numbersOf(
      (ops) => ops.gather(ops.constant([0, 1, 10, 11, 20, 21], [3, 2]), ops.constant([2, 0, 2])),
      [0, 0],
      0,
    );
    expect([...gathered]).toEqual([20, 21, 0, 1, 20, 21]);
  });
});
