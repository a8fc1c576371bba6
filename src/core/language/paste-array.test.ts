import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from './parse.ts';
import { readPastedArray } from './paste-array.ts';

describe('an array from elsewhere', () => {
  it.each([
    ['A = np.array([[1, 1, 0], [0, 1, 1]])', 'A', '[[1, 1, 0], [0, 1, 1]]'],
    ['array([[1., 1., 0.],\n       [0., 1., 1.]])', null, '[[1, 1, 0], [0, 1, 1]]'],
    ['b = numpy.array([1, 2.5e-3], dtype=np.float64)', 'b', '[1, 0.0025]'],
    ['tensor([0.5000, -1.0000], requires_grad=True)', null, '[0.5, -1]'],
    ["tensor([[1, 2]], device='cuda:0', dtype=torch.float64)", null, '[[1, 2]]'],
    ['[1 1 0; 0 1 1]', null, '[[1, 1, 0], [0, 1, 1]]'],
    ['A = [1, 1, 0; 0, 1, -1];', 'A', '[[1, 1, 0], [0, 1, -1]]'],
    ['v = [1 2 ...\n 3]', 'v', '[1, 2, 3]'],
    ['[[1. 2.]\n [3. 4.]]', null, '[[1, 2], [3, 4]]'],
    ['[ 1.  -2.5e+00\n  3.]', null, '[1, -2.5, 3]'], // a long vector, as NumPy prints it
    ['A = [1 1 0\n     0 1 -1];', 'A', '[[1, 1, 0], [0, 1, -1]]'],
    ['A = [ % ties\n  1 1 0; % the first\n  0 1 1 % the second\n];', 'A', '[[1, 1, 0], [0, 1, 1]]'],
    ['A = [1 2 ... % goes on\n 3; 4 5 6]', 'A', '[[1, 2, 3], [4, 5, 6]]'],
    [
      'A = np.array([  # ties\n  [1, 1, 0],  # the first\n  [0, 1, 1],\n], dtype="float32")',
      'A',
      '[[1, 1, 0], [0, 1, 1]]',
    ],
    [
      'w = torch.tensor([[1e-3, -2E+2], [-.5, +4.]], dtype=torch.float64, requires_grad=True)',
      'w',
      '[[0.001, -200], [-0.5, 4]]',
    ],
    ['Parameter containing:\ntensor([0.1, -0.2], requires_grad=True)', null, '[0.1, -0.2]'],
    ['tensor([[1., 2.],\n        [3., 4.]], dtype=torch.float64, grad_fn=<AddBackward0>)', null, '[[1, 2], [3, 4]]'],
    ['Array([1., 2.], dtype=float32)', null, '[1, 2]'], // as JAX prints it
    ['A = np.array([[1, 2, 3], [4, 5, 6]]).T', 'A', '[[1, 4], [2, 5], [3, 6]]'],
    ["A = [1 2 3; 4 5 6]';", 'A', '[[1, 4], [2, 5], [3, 6]]'],
    ['b = [1; 2; 3]', 'b', '[1, 2, 3]'], // rows and columns of MATLAB are its vectors
    ["b = [1 2 3].'", 'b', '[1, 2, 3]'],
    ['array([[1, 0],\n       [0, 1]], dtype=int64)', null, '[[1, 0], [0, 1]]'],
  ])('%s', (text, name, literal) => {
    expect(readPastedArray(text)).toEqual({ name, literal });
    expect(parse(`data A = ${literal}\nminimize x`).ok).toBe(true);
  });

  it.each([
    '[[1, 1], [0, 1]]', // the language's own
    'A = [1, 2]',
    'minimize x^2',
    'np.array([[1, 2], [3]])',
    'np.array([1, 2]); import os',
    'np.array([x, 1])',
    'np.array([[[1]]])',
    'tensor([1, 2]).cuda()',
    'np.array([1e999])',
    'array([0., 1., 2., ..., 7., 8., 9.])', // what NumPy leaves out is not there
    'A = [1 2 3\n 4 5]',
    'A = [1 - 1]',
    'np.array([1+2j, 3])',
    '[1+2i 3]',
    '[]',
    '[;]',
    '',
  ])('is not %s', (text) => {
    expect(readPastedArray(text)).toBeNull();
  });

  it('is read back from what NumPy would print, and no text makes it throw', () => {
    const entry = fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8 + 0);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(entry, { minLength: 1, maxLength: 25 }), (width, list) => {
        const full = list.slice(0, Math.floor(list.length / width) * width);
        if (full.length === 0) return;
        const rows = Array.from({ length: full.length / width }, (_, i) => full.slice(i * width, (i + 1) * width));
        const read = readPastedArray(`np.array([${rows.map((row) => `[${row.join(', ')}]`).join(',\n  ')}])`);
        expect(JSON.parse(read?.literal ?? '')).toEqual(rows);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[];,1 .e-=np.array()tensor') }), (text) => {
        readPastedArray(text);
      }),
    );
  });
});
