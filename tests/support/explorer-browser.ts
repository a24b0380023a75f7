/** Debian's Chromium with or without WebGL, and visits that fail when the page's console complains. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from '../../tools/set-up/chromium-step.mjs';

const WEBGL = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'];
const NO_WEBGL = ['--disable-gpu', '--disable-3d-apis', '--disable-webgl'];
const SHOTS = join(import.meta.dirname, '../../.cache/web-shots');

export const SIZES = {
  phone: { width: 360, height: 740 },
  tablet: { width: 820, height: 1180 },
  desktop: { width: 1440, height: 900 },
} as const;
export type SizeName = keyof typeof SIZES;

/** Machines may be busy; a condition is waited for so long. */
const PATIENCE_MS = 60_000;

export class ExplorerVisit {
  readonly page: Page;
  /** Addresses of the scripts that were fetched so far. */
  readonly scripts: string[] = [];
  private readonly context: BrowserContext;
  private readonly complaints: string[] = [];

  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('response', (response) => {
      if (response.url().endsWith('.js')) this.scripts.push(response.url());
    });
  }

  /** For a person to look at. */
  async shot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
  }

  async seriousFindings(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = (await this.page.evaluate('axe.run()')) as axe.AxeResults;
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
  }

  /** @throws Error when the console of the page was not empty */
  readonly close = async (): Promise<void> => {
    await this.context.close();
    // WebGL drawn without a graphics card is slow, and Chromium says so; people have one.
    const found = this.complaints.filter((line) => !/GPU stall|swiftshader|software WebGL/i.test(line));
    if (found.length > 0) throw new Error(`expected an empty console, found:\n${found.join('\n')}`);
  };
}

export class ExplorerBrowser {
  private readonly browser: Browser;

  private constructor(browser: Browser) {
    this.browser = browser;
  }

  static async launch({ webGl }: { webGl: boolean }): Promise<ExplorerBrowser> {
    const executablePath = findChromium();
    if (!executablePath) throw new Error('expected Chromium; install it with: apt-get install -y chromium');
    mkdirSync(SHOTS, { recursive: true });
    const args = ['--no-sandbox', '--disable-background-networking', ...(webGl ? WEBGL : NO_WEBGL)];
    return new ExplorerBrowser(await chromium.launch({ executablePath, args }));
  }

  /** Opens a page and waits until the explorer is there. */
  async visit(
    address: string,
    { size = 'desktop', dark = false }: { size?: SizeName; dark?: boolean } = {},
  ): Promise<ExplorerVisit> {
    const context = await this.browser.newContext({
      viewport: SIZES[size],
      colorScheme: dark ? 'dark' : 'light',
    });
    // The browser's own Save-as dialog is outside the page; without it files come as downloads.
    await context.addInitScript('delete window.showSaveFilePicker');
    const visit = new ExplorerVisit(context, await context.newPage());
    await visit.page.goto(address);
    await visit.page.locator('on-architecture-explorer').waitFor();
    await visit.page.waitForFunction("!document.querySelector('on-network-diagram .skeleton')");
    return visit;
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
