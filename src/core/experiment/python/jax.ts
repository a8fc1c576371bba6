/** JAX: pure functions of arrays, compiled as a whole; slopes by `jax.grad`. */
import { numpyLibrary, randomLibrary } from './numpy.ts';
import { numpyLanguage } from './numpy-language.ts';
import type { ArrayLibrary } from './target.ts';

const positions = (list: readonly number[]): string => `jnp.array([${list.join(', ')}], dtype=int)`;

export const jax: ArrayLibrary = {
  id: 'jax',
  title: 'JAX',
  module: 'jnp',
  imports:
    'import argparse\nimport json\nimport math\n\nimport jax\nimport jax.numpy as jnp\nimport numpy\n\njax.config.update("jax_enable_x64", True)',
  notes: [
    'Written for JAX 0.4 and newer; scripts of its kind were run with JAX 0.10.',
    'init() and step(t, ...) are pure functions, as in optax: step is compiled once.',
  ],
  axis: 'axis',
  words: {},
  derivatives: {
    gradient: (f) => `jax.grad(${f})(flat, t)`,
    jvp: (f, x, direction) => `jax.jvp(${f}, (${x},), (${direction},))[1]`,
    vjp: (f, x, weights) => `jax.vjp(${f}, ${x})[1](${weights})[0]`,
    jacobian: (f) => `jax.jacrev(${f})(flat, t)`,
    hessian: (f, x) => `jax.hessian(${f})(${x})`,
  },
  addAt: (name, index, part) => `${name} = ${name}.at[${index}].add(${part})`,
  loops: 'lax',
  reverses: true,
  takesNumbers: true,
  decorator: '@jax.jit',
  problem: {
    language: numpyLanguage('jnp'),
    array: 'jnp.array',
    join: 'jnp.concatenate',
    positive: (a) => `jnp.maximum(${a}, 0.0)`,
    nothing: 'jnp.zeros(0)',
    rows: 'jnp.asarray(a, dtype=float).reshape(-1)',
    number: (a) => a,
  },
  affine: {
    array: 'jnp.array',
    zeros: 'jnp.zeros',
    positions,
    pseudoinverse: (A) => `pseudoinverse(${A})`,
  },
  positions,
  main: {},
  library: `
def replace(x, entries, values):
    """x with the given entries replaced."""
    return x.at[entries].set(values)


def numbers(*entries):
    """What a loop carries: arrays of one type from turn to turn."""
    return tuple(jnp.asarray(entry, dtype=float) for entry in entries)

${numpyLibrary('jnp')}

${randomLibrary('jnp')}`,
};
