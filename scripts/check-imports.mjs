// Keeps the import directions of src/README.md, and clocks and unseeded randomness out of core.
//   node scripts/check-imports.mjs
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync, Visitor } from 'vite';

/** Inside core, values are imported only from the same part or from a part further left; types from anywhere. */
const CORE_ORDER = [
  'diagnostic',
  'number-text',
  'language',
  'tensor',
  'problem',
  'settings',
  'training',
  'contracts',
  'analysis',
  'program',
  'run',
  'experiment',
  'lesson',
];

/** They put the parts together, so they may import everything, and nobody imports them; a worker is started by its URL. */
const COMPOSITION_ROOTS = [
  'src/main.tsx',
  'src/workshop.tsx',
  'src/gpu/service.ts',
  'src/gpu/worker.ts',
  'src/app/analysis-worker.ts',
];

const CORE_PACKAGES = ['@lezer/common', '@lezer/highlight', '@lezer/lr', 'highs', 'ml-matrix', 'zod'];
const INTERFACE_PACKAGES = [
  'react',
  'react-dom',
  'react-error-boundary',
  '@mantine/core',
  '@mantine/hooks',
  '@mantine/spotlight',
];
const NUMERIC_PACKAGES = ['highs', 'ml-matrix'];

/**
 * @typedef {{ path: string, isType: boolean, isUrl?: boolean }} Imported  `path` is relative to the repository, or a package's name
 * @typedef {(imported: Imported) => string | undefined} Rule  says what is wrong, or nothing
 */

/** @param {string} path @param {...string} folders */
const isIn = (path, ...folders) => folders.some((folder) => path === folder || path.startsWith(`${folder}/`));
/** @param {string} path */
const isOurs = (path) => isIn(path, 'src', 'shaders', 'bench', 'e2e', 'scripts', 'public');
/** @param {string} path */
const isTest = (path) => /\.test\.tsx?$/.test(path);
/** Arbitraries, stand-ins and reference values: for tests alone, never for the page. @param {string} path */
const isTestSupport = (path) =>
  /(\.(arbitrary|fixture)|\/samples|\/fakes)(\.ts)?$/.test(path) || isIn(path, 'src/core/reference');
/** @param {string} path */
const withoutExtension = (path) => path.replace(/\.[jt]sx?$/, '');
/** `src/core/language/parse.ts` → `language`, `src/core/contracts.ts` → `contracts` @param {string} path */
const corePart = (path) => withoutExtension(path.split('/')[2] ?? '');
/** One file in a folder of the catalogue is an entry; files right under src/catalog are the registry. @param {string} path */
const isEntry = (path) => isIn(path, 'src/catalog') && path.split('/').length > 3;
/** @param {string} path */
const isCompositionRoot = (path) => COMPOSITION_ROOTS.some((root) => withoutExtension(root) === withoutExtension(path));

/** @param {string} specifier @param {string[]} packages */
const isPackage = (specifier, packages) =>
  packages.some((name) => specifier === name || specifier.startsWith(`${name}/`));

/** @type {(path: string) => Rule} */
const coreRule = (path) => {
  const part = corePart(path);
  const place = CORE_ORDER.indexOf(part);
  return (imported) => {
    if (place < 0) return `src/core/${part} has no place in the order ${CORE_ORDER.join(' → ')}`;
    if (!isOurs(imported.path)) {
      if (isPackage(imported.path, CORE_PACKAGES)) return undefined;
      return `core uses only the packages ${CORE_PACKAGES.join(', ')}`;
    }
    if (!isIn(imported.path, 'src/core')) return 'core imports nothing outside core';
    if (imported.isType || CORE_ORDER.indexOf(corePart(imported.path)) <= place) return undefined;
    const allowed = CORE_ORDER.slice(0, place + 1).join(', ');
    return `core/${part} may import values only from core/{${allowed}}; for a type, write \`import type\``;
  };
};

/** @type {(path: string) => Rule} */
const entryRule = () => (imported) => {
  if (isIn(imported.path, 'src/core')) return undefined;
  if (isIn(imported.path, 'src/catalog/datasets/tables')) return undefined; // numbers as text, no entry
  if (isIn(imported.path, 'src/catalog'))
    return 'an entry of the catalogue never imports another; what two share belongs in core';
  return 'an entry of the catalogue imports only core';
};

/** @type {(path: string) => Rule} */
const registryRule = () => (imported) => {
  if (isIn(imported.path, 'src/core', 'src/catalog')) return undefined;
  return 'the registry of the catalogue imports only core and the entries';
};

/** @type {(path: string) => Rule} */
const gpuRule = () => (imported) => {
  if (!isOurs(imported.path) || isIn(imported.path, 'src/gpu', 'shaders')) return undefined;
  if (
    isIn(imported.path, 'src/core') &&
    ['diagnostic', 'number-text', 'tensor', 'program', 'run'].includes(corePart(imported.path))
  ) {
    return undefined;
  }
  return 'gpu is a tensor machine: it imports only core/{diagnostic, number-text, tensor, program, run} and shaders';
};

/** @type {(path: string) => Rule} */
const wasmRule = () => (imported) => {
  if (!isOurs(imported.path)) return 'wasm uses no package: its assembler is its own';
  if (isIn(imported.path, 'src/wasm')) return undefined;
  if (
    isIn(imported.path, 'src/core') &&
    ['diagnostic', 'once', 'tensor', 'program', 'run'].includes(corePart(imported.path))
  ) {
    return undefined;
  }
  return 'wasm is a machine for programs: it imports only core/{diagnostic, once, tensor, program, run}';
};

/** @type {(path: string) => Rule} */
const figuresRule = () => (imported) => {
  if (isPackage(imported.path, [...INTERFACE_PACKAGES, 'zustand', 'zundo']))
    return 'figures are pure functions: no React, no store';
  if (!isOurs(imported.path) || isIn(imported.path, 'src/core', 'src/app/figures')) return undefined;
  return 'figures import only core and other figures';
};

/** Modules right under src/app that draw nothing, such as the interface of the analysis worker. @param {string} path */
const isShared = (path) => /^src\/app\/[^/]+\.ts$/.test(path) && !isCompositionRoot(path);

/** @type {(path: string) => Rule} */
const storeRule = () => (imported) => {
  if (isPackage(imported.path, ['@mantine/core', 'react-dom'])) return 'the store knows no components';
  if (!isOurs(imported.path) || isIn(imported.path, 'src/core', 'src/app/store')) return undefined;
  if (isShared(imported.path) || (isIn(imported.path, 'src/catalog') && !isEntry(imported.path))) return undefined;
  if (isIn(imported.path, 'src/gpu', 'src/wasm'))
    return 'the store never imports gpu or wasm: the executor arrives as an argument';
  return 'the store imports only core, the registry of the catalogue and modules right under src/app';
};

/** @type {(path: string) => Rule} */
const panelsRule = () => (imported) => {
  if (isPackage(imported.path, NUMERIC_PACKAGES)) return 'panels select and draw; numbers are computed by the run';
  if (isIn(imported.path, 'src/gpu', 'src/wasm')) return 'panels never import gpu or wasm';
  if (isEntry(imported.path)) return 'panels take entries from the registry of the catalogue, never by file';
  const isNumeric =
    isIn(imported.path, 'src/core') && ['tensor', 'analysis', 'program'].includes(corePart(imported.path));
  if (isNumeric && !imported.isType) return 'panels select and draw; numbers are computed by the run';
  return undefined;
};

/** @type {(path: string) => Rule} */
const componentsRule = () => (imported) => {
  if (isIn(imported.path, 'src/gpu', 'src/wasm', 'src/app/panels'))
    return 'shared controls know no panel and no executor';
  return undefined;
};

/** @type {(path: string) => Rule} */
const appRule = (path) => (imported) => {
  if (isIn(imported.path, 'src/gpu', 'src/wasm')) return 'app never imports gpu or wasm: src/workshop.tsx hands it in';
  if (isShared(path) && isIn(imported.path, 'src/app/panels')) return 'what the store may import knows no panel';
  return undefined;
};

/** @param {string} path @returns {Rule} */
function ruleFor(path) {
  if (isIn(path, 'src/core')) return coreRule(path);
  if (isEntry(path)) return entryRule(path);
  if (isIn(path, 'src/catalog')) return registryRule(path);
  if (isIn(path, 'src/gpu')) return gpuRule(path);
  if (isIn(path, 'src/wasm')) return wasmRule(path);
  if (isIn(path, 'src/app/figures')) return figuresRule(path);
  if (isIn(path, 'src/app/store')) return storeRule(path);
  if (isIn(path, 'src/app/panels')) return panelsRule(path);
  if (isIn(path, 'src/app/components')) return componentsRule(path);
  if (isIn(path, 'src/app')) return appRule(path);
  return () => 'files belong in src/core, src/catalog, src/gpu, src/wasm or src/app';
}

/** The imported path relative to the repository; a package's name stays as it is. @param {string} from @param {string} specifier */
function resolveSpecifier(from, specifier) {
  const path = specifier.replace(/\?.*$/, '');
  return path.startsWith('.') ? posix.join(posix.dirname(from), path) : path;
}

/**
 * What is wrong with one source file.
 * @param {string} path  relative to the repository, with `/`
 * @param {string} code
 * @returns {{ offset: number, message: string }[]}
 */
export function findViolations(path, code) {
  const rule = isTest(path) || isTestSupport(path) || isCompositionRoot(path) ? () => undefined : ruleFor(path);
  const { program, errors } = parseSync(path, code);
  if (errors.length > 0) return [{ offset: 0, message: `does not parse: ${errors[0]?.message}` }];

  /** @type {Rule} */
  const misplaced = (imported) => {
    if (imported.isUrl) return undefined; // starts a worker, imports nothing
    if (isTest(path)) return undefined;
    const isSupport = isOurs(imported.path) && isTestSupport(imported.path);
    if (isSupport && !isTestSupport(path)) return 'only tests import what is there for tests';
    const isRoot = isCompositionRoot(imported.path) && !imported.isType;
    if (isRoot && !isCompositionRoot(path)) return 'nobody imports a composition root';
    return undefined;
  };

  /** @type {{ offset: number, message: string }[]} */
  const violations = [];
  /** @param {{ start: number }} node @param {unknown} specifier @param {boolean} isType @param {boolean} [isUrl] */
  const checkImport = ({ start }, specifier, isType, isUrl = false) => {
    if (typeof specifier !== 'string') return;
    const imported = { path: resolveSpecifier(path, specifier), isType, isUrl };
    const wrong = misplaced(imported) ?? rule(imported);
    if (wrong) violations.push({ offset: start, message: `imports ${specifier}: ${wrong}.` });
  };
  /** @param {{ start: number }} node @param {string} what */
  const checkPure = ({ start }, what) => {
    if (isIn(path, 'src/core'))
      violations.push({ offset: start, message: `uses ${what}: core has no clock and no unseeded randomness.` });
  };

  new Visitor({
    ImportDeclaration: (node) => checkImport(node, node.source.value, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => checkImport(node, node.source?.value, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => checkImport(node, node.source.value, node.exportKind === 'type'),
    ImportExpression: (node) =>
      checkImport(node, node.source.type === 'Literal' ? node.source.value : undefined, false),
    TSImportType: (node) => checkImport(node, node.source.value, true),
    NewExpression(node) {
      const [address] = node.arguments;
      const isUrl = node.callee.type === 'Identifier' && node.callee.name === 'URL';
      if (isUrl && address?.type === 'Literal') checkImport(node, address.value, false, true);
    },
    MemberExpression(node) {
      const isMath = node.object.type === 'Identifier' && node.object.name === 'Math';
      if (isMath && node.property.type === 'Identifier' && node.property.name === 'random')
        checkPure(node, 'Math.random');
    },
    Identifier(node) {
      if (node.name === 'Date') checkPure(node, 'Date');
    },
  }).visit(program);
  return violations;
}

/** @param {string} code @param {number} offset */
function position(code, offset) {
  const before = code.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const paths = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path.replaceAll('\\', '/')}`)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'))
    .sort();
  let count = 0;
  for (const path of paths) {
    const code = readFileSync(path, 'utf8');
    for (const { offset, message } of findViolations(path, code)) {
      console.error(`${path}:${position(code, offset)} ${message}`);
      count += 1;
    }
  }
  console.log(
    count === 0 ? `Import directions: ${paths.length} files, all right.` : `Import directions: ${count} wrong.`,
  );
  process.exitCode = count === 0 ? 0 : 1;
}
