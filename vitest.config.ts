import { playwright } from '@vitest/browser-playwright';
import { defineConfig, mergeConfig } from 'vitest/config';
import { CHROMIUM_ARGUMENTS, findChromium } from './scripts/chromium.mjs';
import viteConfig from './vite.config.ts';

const executablePath = findChromium();

/**
 * Tests on the device run in two browsers, half of their time in each: a software adapter compiles one kernel at a time
 * in a browser's GPU process, so that two pages of one browser wait for each other.
 */
const ON_DEVICE = ['src/**/*.gpu.test.ts'];
const IN_FIRST_BROWSER = [
  'src/gpu/{agreement,data-rows,derivatives,lessons,polyhedra,product,projections}.gpu.test.ts',
];

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
            exclude: ON_DEVICE,
          },
        },
        {
          extends: true,
          // Bundled at the start: a package found later would reload the page in the middle of a test.
          optimizeDeps: {
            include: [
              '@lezer/common',
              '@lezer/highlight',
              '@lezer/lr',
              'fast-check',
              'idb-keyval',
              'ml-matrix',
              'zod/mini',
            ],
          },
          test: {
            name: 'browser',
            env,
            isolate: false, // as in Node
            maxWorkers: 1, // page of a browser
            testTimeout: 60_000, // software adapters are slow; no time is asserted
            browser: {
              enabled: true,
              headless: true,
              screenshotFailures: false,
              provider: playwright({
                launchOptions: { args: CHROMIUM_ARGUMENTS, ...(executablePath ? { executablePath } : {}) },
              }),
              instances: [
                { browser: 'chromium', name: 'browser 1', include: IN_FIRST_BROWSER },
                { browser: 'chromium', name: 'browser 2', include: ON_DEVICE, exclude: IN_FIRST_BROWSER },
              ],
            },
          },
        },
      ],
    },
  }),
);
