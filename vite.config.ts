import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { lezer } from '@lezer/generator/rollup';
import react from '@vitejs/plugin-react';
import { build, defineConfig, type Plugin, type Rolldown, runnerImport } from 'vite';
import { VitePWA } from 'vite-plugin-pwa';

/**
 * The page's Content-Security-Policy. No inline script, no `eval`, no other origin. `wasm-unsafe-eval` is for HiGHS,
 * `unsafe-inline` styles are for Mantine and CodeMirror, which put style elements into the page.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
].join('; ');

/** Puts the policy into the built page, so that it holds on hosts that set no headers. The dev server has none: it needs inline scripts. */
const contentSecurityPolicy = (): Plugin => ({
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: {
    order: 'post',
    handler: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
        injectTo: 'head-prepend',
      },
    ],
  },
});

/**
 * `import { parser } from './some.grammar'`: Lezer grammars are compiled while bundling. Only relative paths go through the
 * plugin's resolution: it takes the server's `/src/…` for a path from the root of the disk.
 */
const grammars = (): Plugin => {
  const plugin = lezer() as unknown as Plugin & { resolveId(source: string, importer?: string): string | null };
  return {
    ...plugin,
    enforce: 'pre',
    resolveId: (source, importer) => (source.startsWith('.') ? plugin.resolveId(source, importer) : null),
  };
};

const EVALUATED = '?evaluated';

/** `import listing from './listing.ts?evaluated'`: the module is evaluated while bundling, and its default export travels as data. */
const evaluated = (): Plugin => ({
  name: 'evaluated',
  enforce: 'pre',
  async resolveId(source, importer) {
    if (!source.endsWith(EVALUATED)) return null;
    const found = await this.resolve(source.slice(0, -EVALUATED.length), importer);
    return found && found.id + EVALUATED;
  },
  async load(id) {
    if (!id.endsWith(EVALUATED)) return null;
    const file = id.slice(0, -EVALUATED.length);
    const { module, dependencies } = await runnerImport<{ default: unknown }>(file, {
      configFile: false,
      plugins: [grammars()],
    });
    for (const dependency of [file, ...dependencies]) this.addWatchFile(resolve(dependency));
    return { code: `export default ${JSON.stringify(module.default)}`, moduleType: 'js' };
  },
});

/** The first picture stands in the page itself: it is there before any script, and gives way to the app. */
const firstPicture = (): Plugin => ({
  name: 'first-picture',
  transformIndexHtml: (html) => html.replace('<!-- first picture -->', readFileSync('first-picture.svg', 'utf8')),
});

/**
 * `/bench/`, where a visitor measures the machine: a page of its own, which shares no script with the app, so that it costs no other
 * visitor a byte. The peers are measured where they were installed beside it.
 */
const benchPage = (): Plugin => {
  let folder = 'dist';
  return {
    name: 'bench-page',
    apply: 'build',
    configResolved: ({ root, build: { outDir } }) => {
      folder = resolve(root, outDir, 'bench');
    },
    closeBundle: async () => {
      await build({
        configFile: false,
        root: resolve('bench'),
        base: './',
        publicDir: false,
        logLevel: 'warn',
        plugins: [grammars(), peersWhereInstalled(), contentSecurityPolicy()],
        build: { outDir: folder, emptyOutDir: true, target: TARGET, chunkSizeWarningLimit: 2500 },
      });
    },
  };
};

const peersWhereInstalled = (): Plugin => ({
  name: 'peers-where-installed',
  enforce: 'pre',
  resolveId: (source, importer) =>
    source === './peers/open.ts' && importer?.endsWith('page.ts') && !existsSync('bench/node_modules')
      ? resolve('bench/peers/none.ts')
      : null,
});

/** The whole build is kept on the first visit. A newer one is taken when the reader says so: `app/offline.ts` asks. */
const offline = () =>
  VitePWA({
    registerType: 'prompt',
    injectRegister: null,
    manifest: false, // public/manifest.webmanifest
    workbox: {
      globPatterns: ['**/*.{js,css,html,svg,png,wasm,woff2,csv,json,webmanifest}'],
      globIgnores: ['**/*KaTeX*.{woff,ttf}', 'serve.json', 'bench/**'],
      navigateFallbackDenylist: [/\/bench\//],
      maximumFileSizeToCacheInBytes: 12_000_000,
      ignoreURLParametersMatching: [/^(?:embed|hide|autoplay|theme|origin)$/],
      cleanupOutdatedCaches: true,
      sourcemap: false,
    },
  });

const TARGET = 'es2023';

/**
 * What is loaded together travels as one script: what `main.tsx` imports, then what `workshop.tsx` imports beside it. Left alone, the
 * bundler makes a hundred of them, one for each set of later imports that share something, and small files compress badly.
 */
function scripts(): Rolldown.CodeSplittingGroup[] {
  const workshop = resolve('src/workshop.tsx');
  let reached: Set<string> | undefined;
  return [
    { name: 'frame', tags: ['$initial'], priority: 1 },
    {
      debugName: 'workshop',
      name: (id, bundle) => {
        reached ??= reachedFrom(workshop, (from) => bundle.getModuleInfo(from)?.importedIds ?? []);
        return reached.has(id) ? 'workshop' : null;
      },
    },
  ];
}

/** The node itself, and all that its edges lead to. */
function reachedFrom(node: string, edges: (from: string) => readonly string[]): Set<string> {
  const seen = new Set([node]);
  for (const from of seen) for (const to of edges(from)) seen.add(to);
  return seen;
}

export default defineConfig({
  base: './',
  plugins: [grammars(), evaluated(), react(), firstPicture(), contentSecurityPolicy(), offline(), benchPage()],
  // The package's entry is one CommonJS file: from its sources, only the factorisations that are called travel.
  resolve: { alias: { 'ml-matrix': resolve('node_modules/ml-matrix/src/index.js') } },
  define: { global: 'globalThis' }, // Plotly's sources name Node's
  build: {
    target: TARGET,
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      output: { codeSplitting: { groups: scripts() } },
      onLog(level, log, next) {
        const isNodePath = log.message.includes('"node:module"') && log.message.includes('highs');
        if (!isNodePath) next(level, log); // HiGHS names `node:module` for Node alone
      },
    },
  },
  worker: {
    format: 'es',
    plugins: () => [grammars()],
    rolldownOptions: {
      // Safari evaluates the entry of a worker once more where another script imports it: what those share stands in a script beside it.
      output: { codeSplitting: { groups: [{ name: 'engine', test: /\/src\/(core|gpu)\/(?!(worker|service)\.ts)/ }] } },
    },
  },
  preview: {
    cors: { origin: '*' }, // a frame without an origin asks for its scripts from nowhere, as `sandbox="allow-scripts"` makes it
    headers: {
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    },
  },
});
