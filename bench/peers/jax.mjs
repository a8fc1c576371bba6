// @ts-nocheck: the packages are installed by `npm run bench` only
/** @jax-js/jax on WebGPU. Its arrays are consumed by what reads them: `.ref` keeps one. */
import { defaultDevice, init, jit, numpy as np } from '@jax-js/jax';
import { layersOf } from './layers.ts';

/** Results are made lazily: each is waited for, all at once. */
async function waitedAll(results) {
  await Promise.all(results.map((one) => one.blockUntilReady()));
  for (const one of results) one.dispose();
}

const times = (count, make) => Array.from({ length: count }, make);

export async function openJax() {
  const devices = await init('webgpu');
  if (!devices.includes('webgpu')) throw new Error('jax-js has no WebGPU here');
  defaultDevice('webgpu');
  const matrix = (data, rows, columns) => np.array(data).reshape([rows, columns]);
  return {
    matmul(a, b, [m, k, n]) {
      const [A, B] = [matrix(a, m, k), matrix(b, k, n)];
      let last = null;
      return {
        async run() {
          last?.dispose();
          last = np.matmul(A.ref, B.ref);
          await last.blockUntilReady();
        },
        many: (count) => waitedAll(times(count, () => np.matmul(A.ref, B.ref))),
        result: () => last.ref.data(),
      };
    },
    /** X <- X (2 I - A X), a fixed number of times, in one jit. */
    pseudoinverse(a, [m, n], iterations) {
      const A = matrix(a, m, n);
      const norm = (rows) => Math.max(...rows);
      const bound = norm(gramRowSums(a, m, n));
      const step = jit((matrix) => {
        let X = np.transpose(matrix.ref).mul(1 / bound);
        for (let k = 0; k < iterations; k++) {
          const T = np.eye(m).mul(2).sub(np.matmul(matrix.ref, X.ref));
          X = np.matmul(X, T);
        }
        matrix.dispose();
        return X;
      });
      let last = null;
      return {
        async run() {
          last?.dispose();
          last = step(A.ref);
          await last.blockUntilReady();
        },
        many: (count) => waitedAll(times(count, () => step(A.ref))),
        result: () => last.ref.data(),
      };
    },
    /** Gradient step and projection, 50 steps a jit. */
    steps(start, steps, rate) {
      const inverse = np.array([
        [2 / 3, -1 / 3],
        [1 / 3, 1 / 3],
        [-1 / 3, 2 / 3],
      ]);
      const A = np.array([
        [1, 1, 0],
        [0, 1, 1],
      ]);
      const [b, target] = [np.array([1, 0.5]), np.array([2, -1, 0])];
      const many = jit((x0, A, P, b, c) => {
        let x = x0;
        for (let k = 0; k < 50; k++) {
          const moved = x.ref.sub(x.sub(c.ref).mul(2 * rate));
          x = moved.ref.sub(np.dot(P.ref, np.dot(A.ref, moved).sub(b.ref)));
        }
        for (const one of [A, P, b, c]) one.dispose();
        return x;
      });
      let last = [];
      return {
        async run() {
          let x = np.array([...start]);
          for (let t = 0; t < steps; t += 50) x = many(x, A.ref, inverse.ref, b.ref, target.ref);
          last = await x.data();
        },
        result: async () => last,
      };
    },
    /** One step a jit. */
    training(work) {
      const { batch, sizes, steps, rate, X: x, G: g } = work;
      const [inputs, hidden, outputs] = sizes;
      const from = layersOf(work);
      const [X, G] = [matrix(x, batch, inputs), matrix(g, batch, outputs)];
      const step = jit((X, G, W, c, V, d) => {
        const H = np.matmul(X.ref, W.ref).add(c.ref);
        const mask = np.where(np.greater(H.ref, 0), 1, 0);
        const A = H.mul(mask.ref);
        const E = np
          .matmul(A.ref, V.ref)
          .add(d.ref)
          .sub(G)
          .mul(2 / batch);
        const back = np.matmul(E.ref, np.transpose(V.ref)).mul(mask);
        const gV = np.matmul(np.transpose(A), E.ref);
        const gW = np.matmul(np.transpose(X), back.ref);
        return [
          W.sub(gW.mul(rate)),
          c.sub(np.sum(back, 0).mul(rate)),
          V.sub(gV.mul(rate)),
          d.sub(np.sum(E, 0).mul(rate)),
        ];
      });
      const start = [
        matrix(from.W, inputs, hidden),
        np.array(from.c),
        matrix(from.V, hidden, outputs),
        np.array(from.d),
      ];
      let last = [];
      return {
        async run() {
          let layers = start.map((layer) => layer.ref);
          for (let t = 0; t < steps; t++) layers = step(X.ref, G.ref, ...layers);
          last = await layers[3].ref.data();
          for (const layer of layers) layer.dispose();
        },
        result: async () => last,
      };
    },
  };
}

/** Row sums of |A Aᵀ|, whose largest bounds its eigenvalues. */
export function gramRowSums(a, m, n) {
  return Array.from({ length: m }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < m; j++) {
      let entry = 0;
      for (let k = 0; k < n; k++) entry += a[i * n + k] * a[j * n + k];
      sum += Math.abs(entry);
    }
    return sum;
  });
}
