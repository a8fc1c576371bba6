// `npm run picture`: builds what is stale and takes the README's picture of the app, docs/feasible.png.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.mjs';
import { ensureBuild, ensureDependencies, freePort, ROOT } from './setup.mjs';

ensureDependencies();
ensureBuild();
const { preview } = await import('vite');
const { chromium } = await import('@playwright/test');
const port = await freePort(4373);
const server = await preview({ preview: { port, strictPort: true } });
const executablePath = findChromium();
const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath ? { executablePath } : {}) });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  await page.goto(`http://localhost:${port}/`);
  await page.evaluate('feasible.run()');
  await page.waitForTimeout(3000); // figures are drawn after the last result
  mkdirSync(join(ROOT, 'docs'), { recursive: true });
  await page.screenshot({ path: join(ROOT, 'docs', 'feasible.png') });
  console.log('docs/feasible.png');
} finally {
  await browser.close();
  await server.close();
}
