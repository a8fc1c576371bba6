// `npm start`: installs and builds what is missing or stale, then serves the build.
//   node scripts/start.mjs [--port 4173]     with --port: that port or none
import { ensureBuild, ensureDependencies, freePort } from './setup.mjs';

const FIRST_PORT = 4173;

try {
  const asked = process.argv.indexOf('--port');
  ensureDependencies();
  ensureBuild();
  const port = asked < 0 ? await freePort(FIRST_PORT) : Number(process.argv[asked + 1]);
  const { preview } = await import('vite');
  const server = await preview({ preview: { port, strictPort: true } });
  console.log(`\n  Feasible is at ${server.resolvedUrls?.local[0]}\n  Ctrl+C ends it.\n`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
