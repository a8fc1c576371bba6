import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesFor, classOf, familyFor, pieceFor, SHAPE_CLASSES } from './choose-product.ts';
import { FAMILIES } from './product-families.ts';
import { SHAPES, winner } from './tune-products.ts';

const length = fc.integer({ min: 1, max: 5000 });
const shapes = fc.record({ rows: length, inner: length, columns: length });

describe('the family of a product', () => {
  it('needs four lanes for those that exchange among them', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(FAMILIES[familyFor(shape, { hasQuads: false })].needsQuads).toBeUndefined();
      }),
    );
  });

  it('follows the size', () => {
    const square = (n: number) => ({ rows: n, inner: n, columns: n });
    const [processor, gpu] = [{ hasQuads: true }, { hasQuads: false }];
    expect([4, 64, 1024].map((n) => familyFor(square(n), gpu))).toEqual(['single', 'block', 'tile']);
    expect([4, 64, 1024].map((n) => familyFor(square(n), processor))).toEqual(['single', 'quads', 'panels']);
    expect(familyFor({ rows: 64, inner: 4096, columns: 64 }, processor)).toBe('panels'); // in pieces
    expect(familyFor({ rows: 16, inner: 784, columns: 4096 }, processor)).toBe('quads'); // few rows for a panel
    expect(familyFor({ rows: 4000, inner: 300, columns: 2 }, processor)).toBe('block');
  });
});

describe('what was timed', () => {
  it('decides for its class alone, and not where a product is over at once', () => {
    fc.assert(
      fc.property(shapes, fc.constantFrom(...SHAPE_CLASSES), fc.boolean(), (shape, kind, hasQuads) => {
        const assumed = familyFor(shape, { hasQuads });
        const expected = classOf(shape) === kind ? 'tile' : assumed;
        expect(familyFor(shape, { hasQuads, products: { [kind]: 'tile' } })).toBe(expected);
      }),
    );
  });

  it('is a shape of its class, among candidates that hold the assumed family', () => {
    for (const kind of SHAPE_CLASSES) {
      expect(classOf(SHAPES[kind])).toBe(kind);
      expect(candidatesFor(kind)).toContain(familyFor(SHAPES[kind], { hasQuads: false }));
    }
  });

  it('replaces what is assumed only where odd and even rounds agree that it is clearly slower', () => {
    const families = ['tile', 'block', 'single'] as const;
    const fast = [2, 2.1, 5];
    expect(winner(families, [[4, 4.1, 9], fast, [3, 3, 3]])).toBe('block');
    expect(winner(families, [[2.1, 2.2, 2.1], fast, [3, 3, 3]])).toBe('tile'); // hardly
    expect(winner(families, [[4, 2, 4], fast, [9, 9, 9]])).toBe('tile'); // the machine was busy
  });
});

describe('pieces of the inner length', () => {
  it('cover it, none of them empty, and are several only where the result is small', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const piece = pieceFor(shape);
        const pieces = Math.ceil(shape.inner / piece);
        expect((pieces - 1) * piece).toBeLessThan(shape.inner);
        if (pieces > 1) expect(shape.inner).toBeGreaterThanOrEqual(16 * Math.max(shape.rows, shape.columns));
        expect(piece).toBeGreaterThan(0);
      }),
    );
    expect(pieceFor({ rows: 64, inner: 4096, columns: 64 })).toBe(512);
  });
});
