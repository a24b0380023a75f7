/** A page in Chromium with a stopwatch: its long tasks, when it could be used, and what it fetched. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface LongTask {
  /** From the start of the navigation. */
  readonly startMs: number;
  readonly durationMs: number;
}

export interface Opening {
  /** When everything that was asked for stood in the page. */
  readonly listedMs: number;
  /** When from then on, or from the end of the last long task, nothing kept the page from answering for a second. */
  readonly interactiveMs: number;
}

const QUIET_MS = 1000;
const PATIENCE_MS = 120_000;

// Chromium notes tasks over 50 ms; the page is asked for them when all is over.
const STOPWATCH = `
  globalThis.benchTasks = [];
  globalThis.benchSeen = {};
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries())
      globalThis.benchTasks.push({ startMs: startTime, durationMs: duration });
  }).observe({ type: 'longtask', buffered: true });
  new MutationObserver(() => {
    for (const selector of globalThis.benchWanted ?? [])
      if (!(selector in benchSeen) && document.querySelector(selector)) benchSeen[selector] = performance.now();
  }).observe(document, { childList: true, subtree: true });
`;

export class BenchPage {
  readonly #context: BrowserContext;
  readonly #page: Page;
  #bytes = 0;

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
  }

  /** With an empty cache. */
  static async open(browser: Browser, address: string): Promise<BenchPage> {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    const opened = new BenchPage(context, page);
    await opened.#countBytes();
    await page.addInitScript(`globalThis.benchWanted = ${JSON.stringify(WANTED)};${STOPWATCH}`);
    await page.goto(address, { waitUntil: 'commit' });
    return opened;
  }

  async until(selector: string): Promise<void> {
    await this.#page.locator(selector).first().waitFor({ timeout: PATIENCE_MS });
  }

  now(): Promise<number> {
    return this.#page.evaluate('performance.now()');
  }

  longTasks(): Promise<LongTask[]> {
    return this.#page.evaluate('benchTasks');
  }

  /** How many trials have an outcome, as the page says. */
  async trialsDone(): Promise<number> {
    const text = await this.#page.locator('on-job-header [role=status]').textContent();
    return Number(/(\d+) of \d+ trials done/.exec(text ?? '')?.[1] ?? 0);
  }

  async opening(): Promise<Opening> {
    for (const selector of WANTED) await this.until(selector);
    const seen: Record<string, number> = await this.#page.evaluate('benchSeen');
    const listedMs = Math.max(...WANTED.map((selector) => seen[selector] ?? Infinity));
    for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await delay(100)) {
      const ends = (await this.longTasks()).map(({ startMs, durationMs }) => startMs + durationMs);
      const free = Math.max(listedMs, ...ends);
      if ((await this.now()) - free >= QUIET_MS) return { listedMs, interactiveMs: free };
    }
    throw new Error(`the page was never quiet for ${QUIET_MS} ms`);
  }

  /** Bytes over the wire so far, headers included, without answers of the API. */
  async fetchedBytes(): Promise<number> {
    await this.#page.waitForLoadState('networkidle');
    return this.#bytes;
  }

  close(): Promise<void> {
    return this.#context.close();
  }

  async #countBytes(): Promise<void> {
    const session = await this.#context.newCDPSession(this.#page);
    const fromApi = new Set<string>();
    session.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (new URL(request.url).pathname.startsWith('/api/')) fromApi.add(requestId);
    });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (!fromApi.has(requestId)) this.#bytes += encodedDataLength;
    });
    await session.send('Network.enable');
  }
}

/** The list of trials, and a chart of the study. */
const WANTED = ['on-trial-tile', '[data-chart] canvas'];
