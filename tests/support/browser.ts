/** A real browser on a real Onegin: Debian's Chromium with a fresh profile, and what its console said. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from '../../tools/set-up/chromium-step.mjs';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How the browser draws: without a graphics card, with WebGL computed by the processor, or with none at all. */
const GRAPHICS = {
  plain: ['--disable-gpu'],
  webgl: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  'no-webgl': ['--disable-gpu', '--disable-3d-apis'],
} as const;

export const SIZES = {
  phone: { width: 360, height: 740 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
} as const;

/** Drawing with the processor is slow, and Chromium says so; people have a graphics card. */
const ABOUT_GRAPHICS = /GPU stall|swiftshader|software WebGL/i;

/** For a person to look at; nothing is compared with them. */
export const SHOTS = join(import.meta.dirname, '../../.cache/web-shots');
/** Machines may be busy; how long a condition is waited for. */
export const PATIENCE_MS = 60_000;

export async function launchBrowser(graphics: keyof typeof GRAPHICS = 'plain'): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('expected Chromium; install it with: apt-get install -y chromium');
  mkdirSync(SHOTS, { recursive: true });
  return chromium.launch({ executablePath, args: [...FLAGS, ...GRAPHICS[graphics]] });
}

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the console said, and errors of the page. */
  readonly said: string[];
}

export async function visit(
  browser: Browser,
  { size = 'desktop', dark = false }: { size?: keyof typeof SIZES; dark?: boolean } = {},
): Promise<Visit> {
  const context = await browser.newContext({
    viewport: SIZES[size],
    colorScheme: dark ? 'dark' : 'light',
    hasTouch: size === 'phone',
    acceptDownloads: true,
  });
  // The browser's own Save-as dialog is outside the page; without it files come as downloads.
  await context.addInitScript('delete window.showSaveFilePicker');
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const said: string[] = [];
  page.on('console', (message) => {
    if (!ABOUT_GRAPHICS.test(message.text())) said.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => said.push(`error: ${error.message}`));
  return { context, page, said };
}

/** Serious and critical findings, as lines. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })',
  );
  const { violations } = results as axe.AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** How much wider than the screen the page is, in CSS pixels. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
