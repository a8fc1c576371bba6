import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { familyFor, pieceFor } from './choose-product.ts';

const length = fc.integer({ min: 1, max: 5000 });
const shapes = fc.record({ rows: length, inner: length, columns: length });

describe('the family of a product', () => {
  it('needs four lanes for quads', () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        expect(familyFor(shape, { hasQuads: false })).not.toBe('quads');
      }),
    );
  });

  it('follows the size', () => {
    const square = (n: number) => ({ rows: n, inner: n, columns: n });
    const [processor, gpu] = [{ hasQuads: true }, { hasQuads: false }];
    expect([4, 64, 1024].map((n) => familyFor(square(n), gpu))).toEqual(['single', 'block', 'tile']);
    expect([4, 64, 1024].map((n) => familyFor(square(n), processor))).toEqual(['single', 'quads', 'quads']);
    expect(familyFor({ rows: 4000, inner: 300, columns: 2 }, processor)).toBe('block');
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
