// `npm run bench:problems`: the known problems by the proposed methods, on Dawn in Node or in the reference executor.
//   node bench/run-problems.mjs [--executor device | gpu | fused | dispatched | reference] [--only HS1] [--method sqp] [--steps 200]
import { parseArgs } from 'node:util';
import { createServer } from 'vite';

/** @typedef {typeof import('./problems.ts')} Problems */

const { values } = parseArgs({
  options: {
    executor: { type: 'string', default: 'device' },
    only: { type: 'string' },
    method: { type: 'string' },
    steps: { type: 'string' },
  },
});
let gpu = null; // kept: Dawn ends with the object that made it
const server = await createServer({
  appType: 'custom',
  logLevel: 'warn',
  server: { middlewareMode: true, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const load = (/** @type {string} */ path) => server.ssrLoadModule(path);
  const { attemptProblems, HEAD, lineOf, summaryOf } = /** @type {Problems} */ (await load('/bench/problems.ts'));
  const executor = await (values.executor === 'reference' ? referenceExecutor(load) : gpuExecutor(load));
  console.log(HEAD);
  const table = await attemptProblems({
    executor,
    choice: /** @type {import('./problems.ts').ProblemsChoice} */ (values.executor),
    ...(values.only && { only: values.only }),
    ...(values.method && { methods: [values.method] }),
    ...(values.steps && { steps: Number(values.steps) }),
    report: (attempts) => console.log(lineOf(attempts)),
  });
  console.log(`\n${summaryOf(table)}`);
} finally {
  await server.close();
}
process.exit(); // Dawn's threads would keep Node alive

/** @param {(path: string) => Promise<Record<string, unknown>>} load */
async function referenceExecutor(load, reason = 'As asked for.') {
  const { createReferenceExecutor } = /** @type {typeof import('../src/core/run/reference-executor.ts')} */ (
    await load('/src/core/run/reference-executor.ts')
  );
  return createReferenceExecutor({ now: () => performance.now(), pause: () => Promise.resolve(), reason });
}

/** @param {(path: string) => Promise<Record<string, unknown>>} load */
async function gpuExecutor(load) {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const { acquireGpu } = /** @type {typeof import('../src/gpu/device.ts')} */ (await load('/src/gpu/device.ts'));
  const { createGpuExecutor } = /** @type {typeof import('../src/gpu/executor.ts')} */ (
    await load('/src/gpu/executor.ts')
  );
  const { keepRunners } = /** @type {typeof import('../src/gpu/runners.ts')} */ (await load('/src/gpu/runners.ts'));
  const { createWasmExecutors } = /** @type {typeof import('../src/wasm/executor.ts')} */ (
    await load('/src/wasm/executor.ts')
  );
  gpu = create([]);
  const acquired = await acquireGpu(gpu);
  if (!acquired.ok) throw new Error(acquired.diagnostics.map(({ message }) => message).join(' '));
  const reference = await referenceExecutor(load);
  const now = () => performance.now();
  console.log(`## ${acquired.value.name}\n`);
  return createGpuExecutor({
    device: () => Promise.resolve(acquired),
    runners: keepRunners(now),
    wasm: async (reason) => createWasmExecutors({ now, pause: async () => {} })(reason),
    reference: () => reference,
    referenceSwarms: () => {
      throw new Error('a bench of single runs');
    },
    now,
  });
}
