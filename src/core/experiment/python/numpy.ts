/** NumPy: arrays, and nothing that differentiates; slopes are written out. */

import { numpyLanguage } from './numpy-language.ts';
import { THREEFRY } from './random.ts';
import type { ArrayLibrary } from './target.ts';

/** What NumPy and JAX share. */
export const numpyLibrary = (module: 'np' | 'jnp'): string => `
def vector(*entries):
    """Numbers as one vector."""
    return ${module}.stack([${module}.asarray(entry, dtype=float) for entry in entries])


def join(*parts):
    """Numbers and vectors, end to end."""
    return ${module}.concatenate([${module}.ravel(${module}.asarray(part, dtype=float)) for part in parts])


def pseudoinverse(A):
    """Of Moore and Penrose; singular values below 1e-10 of the largest count as 0."""
    return ${module}.linalg.pinv(A, 1e-10)


def whole(a):
    return ${module}.asarray(a).astype(int)

`;

/** The random numbers of a run, bit for bit those of core/tensor/threefry.ts. */
export const randomLibrary = (module: string): string => `${THREEFRY}


def random_key(seed, start, stream):
    low, high = whole(seed)
    return (low + 65536 * high) % 2**32, whole(stream * 2**24 + start)


def uniform(seed, start, t, stream, shape):
    """Numbers in (0, 1), new at every step and the same in every run."""
    bits, _ = threefry(random_key(seed, start, stream), (whole(t), ${module}.arange(math.prod(shape))))
    return (((bits >> 9) + 0.5) / 2**23).reshape(shape)


def mixed(bits):
    """32 bits of which each depends on all (Wellons 2018, lowbias32)."""
    bits = bits % 2**32
    bits = (bits ^ (bits >> 16)) * 0x7FEB352D % 2**32
    bits = (bits ^ (bits >> 15)) * 0x846CA68B % 2**32
    return bits ^ (bits >> 16)


def shuffled(seed, start, t, stream, size, count):
    """Rows of step t: one shuffle of all \`count\` after the other (Hoang, Morris & Rogaway 2012, section 1)."""
    place = (whole(t) * size + ${module}.arange(size)) % 2**32
    keys = threefry(random_key(seed, start, stream), (place // count, whole(0xFFFFFFFF)))
    row = place % count
    for turn in range(16):
        shift = turn * 0x9E3779B9 % 2**32
        partner = (mixed(keys[0] + shift) % count + count - row) % count
        is_swapped = mixed((${module}.maximum(row, partner) + shift) ^ keys[1]) >> 31 == 1
        row = ${module}.where(is_swapped, partner, row)
    return row
`;

const positions = (list: readonly number[]): string => `[${list.join(', ')}]`;

export const numpy: ArrayLibrary = {
  id: 'numpy',
  title: 'NumPy',
  module: 'np',
  imports: 'import argparse\nimport json\nimport math\n\nimport numpy as np',
  notes: ['Runs on NumPy 1.20 and newer.'],
  axis: 'axis',
  words: {},
  derivatives: 'written',
  addAt: (name, index, part) => `${name}[${index}] += ${part}`,
  loops: 'python',
  reverses: true,
  takesNumbers: true,
  decorator: null,
  problem: {
    language: numpyLanguage('np'),
    array: 'np.array',
    join: 'np.concatenate',
    positive: (a) => `np.maximum(${a}, 0.0)`,
    nothing: 'np.zeros(0)',
    rows: 'np.asarray(a, dtype=float).reshape(-1)',
    number: (a) => a,
  },
  affine: {
    array: 'np.array',
    zeros: 'np.zeros',
    positions,
    pseudoinverse: (A) => `pseudoinverse(${A})`,
  },
  positions,
  main: { start: ['np.seterr(all="ignore")  # what is not finite is looked for below'] },
  library: `
def replace(x, entries, values):
    """x with the given entries replaced."""
    x = x.copy()
    x[entries] = values
    return x

${numpyLibrary('np')}

${randomLibrary('np')}`,
};
