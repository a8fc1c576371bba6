// @ts-nocheck: the packages are installed by `npm run bench` only
/** TensorFlow.js on WebGPU. What is waited for is one entry of the result. */
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { gramRowSums } from './jax.mjs';
import { layersOf } from './layers.ts';

export async function openTfjs() {
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs has no WebGPU here');
  await tf.ready();
  const waited = async (tensor) => {
    const corner = tf.slice(tensor, [0, 0], [1, 1]);
    await corner.data();
    corner.dispose();
  };
  /** The queue is in order: who has the last result has them all. */
  const waitedAll = async (results) => {
    await waited(results.at(-1));
    for (const one of results) one.dispose();
  };
  const times = (count, make) => Array.from({ length: count }, make);
  return {
    matmul(a, b, [m, k, n]) {
      const [A, B] = [tf.tensor2d(a, [m, k]), tf.tensor2d(b, [k, n])];
      let last = null;
      return {
        async run() {
          last?.dispose();
          last = tf.matMul(A, B);
          await waited(last);
        },
        many: (count) => waitedAll(times(count, () => tf.matMul(A, B))),
        result: () => last.data(),
      };
    },
    pseudoinverse(a, [m, n], iterations) {
      const A = tf.tensor2d(a, [m, n]);
      const bound = Math.max(...gramRowSums(a, m, n));
      const inverse = () =>
        tf.tidy(() => {
          let X = tf.mul(tf.transpose(A), 1 / bound);
          const twice = tf.mul(tf.eye(m), 2);
          for (let k = 0; k < iterations; k++) X = tf.matMul(X, tf.sub(twice, tf.matMul(A, X)));
          return X;
        });
      let last = null;
      return {
        async run() {
          last?.dispose();
          last = inverse();
          await waited(last);
        },
        many: (count) => waitedAll(times(count, inverse)),
        result: () => last.data(),
      };
    },
    steps(start, steps, rate) {
      const inverse = tf.tensor2d([2 / 3, -1 / 3, 1 / 3, 1 / 3, -1 / 3, 2 / 3], [3, 2]);
      const A = tf.tensor2d([1, 1, 0, 0, 1, 1], [2, 3]);
      const [b, target] = [tf.tensor2d([1, 0.5], [2, 1]), tf.tensor2d([2, -1, 0], [3, 1])];
      let last = [];
      return {
        async run() {
          let x = tf.tensor2d([...start], [3, 1]);
          for (let t = 0; t < steps; t++) {
            const next = tf.tidy(() => {
              const moved = tf.sub(x, tf.mul(tf.sub(x, target), 2 * rate));
              return tf.sub(moved, tf.matMul(inverse, tf.sub(tf.matMul(A, moved), b)));
            });
            x.dispose();
            x = next;
          }
          last = await x.data();
          x.dispose();
        },
        result: async () => last,
      };
    },
    training(work) {
      const { batch, sizes, steps, rate, X: x, G: g } = work;
      const [inputs, hidden, outputs] = sizes;
      const from = layersOf(work);
      const [X, G] = [tf.tensor2d(x, [batch, inputs]), tf.tensor2d(g, [batch, outputs])];
      const start = [
        tf.tensor2d(from.W, [inputs, hidden]),
        tf.tensor1d(from.c),
        tf.tensor2d(from.V, [hidden, outputs]),
        tf.tensor1d(from.d),
      ];
      const step = ([W, c, V, d]) =>
        tf.tidy(() => {
          const H = tf.add(tf.matMul(X, W), c);
          const A = tf.relu(H);
          const E = tf.mul(tf.sub(tf.add(tf.matMul(A, V), d), G), 2 / batch);
          const back = tf.mul(tf.matMul(E, V, false, true), tf.step(H));
          return [
            tf.sub(W, tf.mul(tf.matMul(X, back, true), rate)),
            tf.sub(c, tf.mul(tf.sum(back, 0), rate)),
            tf.sub(V, tf.mul(tf.matMul(A, E, true), rate)),
            tf.sub(d, tf.mul(tf.sum(E, 0), rate)),
          ];
        });
      let last = [];
      return {
        async run() {
          let layers = start;
          for (let t = 0; t < steps; t++) {
            const next = step(layers);
            if (layers !== start) for (const layer of layers) layer.dispose();
            layers = next;
          }
          last = await layers[3].data();
          for (const layer of layers) layer.dispose();
        },
        result: async () => last,
      };
    },
  };
}
