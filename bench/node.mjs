// `npm run bench:node`: the tables of measure.ts on Dawn in Node, without a browser.
//   node bench/node.mjs [groups: products training …] [option of Dawn, for example backend=vulkan …]
import { createServer } from 'vite';
import { create, globals } from 'webgpu';
import { publish } from './report.mjs';

Object.assign(globalThis, globals);
const words = process.argv.slice(2);
const gpu = create(words.filter((word) => word.includes('=')));
const groups = words.filter((word) => !word.includes('='));
const server = await createServer({
  appType: 'custom',
  logLevel: 'warn',
  server: { middlewareMode: true, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true },
});
try {
  const { measureAll } = /** @type {typeof import('./measure.ts')} */ (await server.ssrLoadModule('/bench/measure.ts'));
  publish('node', await measureAll(gpu, () => performance.now(), groups.length > 0 ? groups : undefined));
} finally {
  await server.close();
}
process.exit(); // Dawn's threads would keep Node alive
