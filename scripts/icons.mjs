// `npm run icons`: the icon as PNG, from public/icon.svg, in the sizes in which systems install the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHROMIUM_ARGUMENTS, findChromium } from './chromium.mjs';
import { ensureDependencies, ROOT } from './setup.mjs';

/** A maskable icon fills its square, and what matters lies in the inner circle of 80 %: systems cut the rest away as they like. */
const ICONS = [
  { name: 'icon-192.png', size: 192 },
  { name: 'icon-512.png', size: 512 },
  { name: 'icon-maskable-512.png', size: 512, isMaskable: true },
];
const SAFE = 0.8;

ensureDependencies();
const { chromium } = await import('@playwright/test');
const svg = readFileSync(join(ROOT, 'public', 'icon.svg'), 'utf8');
const ground = /<rect[^>]*fill="(#\w+)"/.exec(svg)?.[1] ?? '#12324a';
const executablePath = findChromium();
const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath ? { executablePath } : {}) });
try {
  for (const { name, size, isMaskable } of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const side = isMaskable ? SAFE * size : size;
    await page.setContent(
      `<style>body { margin: 0; display: grid; place-items: center; width: ${size}px; height: ${size}px;
        background: ${isMaskable ? ground : 'transparent'} } svg { width: ${side}px; height: ${side}px }</style>${svg}`,
    );
    writeFileSync(join(ROOT, 'public', name), await page.screenshot({ omitBackground: true }));
    console.log(`public/${name}`);
    await page.close();
  }
} finally {
  await browser.close();
}
