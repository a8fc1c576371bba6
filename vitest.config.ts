import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import { CHROMIUM_ARGUMENTS, findChromium } from './scripts/chromium.mjs';
import viteConfig from './vite.config.ts';

const executablePath = findChromium();

/** What tests read as `import.meta.env`, in Node and in the browser. */
const env = {
  FEASIBLE_FULL: process.env.FEASIBLE_FULL ?? '', // '1': also what takes long
  FEASIBLE_FUZZ: process.env.FEASIBLE_FUZZ ?? '', // '1': many more runs of each property
};

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      setupFiles: ['scripts/random-cases.ts'],
      maxWorkers: '100%', // by default one less than there are cores: of two, one
      projects: [
        {
          extends: true,
          test: {
            name: 'node',
            env,
            environment: 'node',
            isolate: false, // modules are pure: files share a process, and load them once
            testTimeout: env.FEASIBLE_FUZZ ? 3_600_000 : 60_000, // machines are shared: it only ends what hangs
            include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts'],
            exclude: ['src/**/*.gpu.test.ts'],
          },
        },
        {
          extends: true,
          // Bundled at the start: a package found later would reload the page in the middle of a test.
          optimizeDeps: {
            include: ['@lezer/common', '@lezer/highlight', '@lezer/lr', 'fast-check', 'ml-matrix', 'zod/mini'],
          },
          test: {
            name: 'browser',
            env,
            isolate: false, // as in Node
            include: ['src/**/*.gpu.test.ts'],
            maxWorkers: 2, // pages, each with a device of its own: one alone leaves a core idle while the adapter compiles
            testTimeout: 60_000, // software adapters are slow; no time is asserted
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: { args: CHROMIUM_ARGUMENTS, ...(executablePath ? { executablePath } : {}) },
              }),
              instances: [{ browser: 'chromium' }],
            },
          },
        },
      ],
    },
  }),
);
