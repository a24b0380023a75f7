/**
 * The web UI on a real gateway and a real Redis, without trainers: the test writes into a study's log what the other
 * services would write, event by event, so that it says itself when something happens.
 */
import { join } from 'node:path';
import type { NewStudyEvent, Site, StudyEvent } from '@onegin/contracts';
import { sampleStudyEvents, type SampleStudyChoice } from '@onegin/charts/testing';
import type { Browser, Page } from 'playwright-core';
import { append } from '../../services/gateway/src/testing/play-study.ts';
import {
  startTestStack,
  type TestGateway,
  type TestGatewayOptions,
  type TestStack,
} from '../../services/gateway/src/testing/test-gateway.ts';
import { findWebUi } from '../../services/gateway/src/web/web-ui.ts';
import { launchBrowser } from './browser.ts';

const WEB_DIR = join(import.meta.dirname, '../../frontend/dist');

/** Every link that can be configured, and a TensorBoard. */
export const configuredSite: Site = {
  personalPage: { name: 'Ada Lovelace', url: 'https://ada.example.org/' },
  companyPage: { name: null, url: 'https://company.example.org/' },
  licence: null,
  repository: { name: null, url: 'https://code.example.org/onegin' },
  tensorboard: 'https://tensorboard.example.org',
};

export class PlayedOnegin {
  readonly stack: TestStack;
  readonly browser: Browser;
  readonly gateway: TestGateway;

  private constructor(stack: TestStack, browser: Browser, gateway: TestGateway) {
    this.stack = stack;
    this.browser = browser;
    this.gateway = gateway;
  }

  static async start(options: TestGatewayOptions = {}): Promise<PlayedOnegin> {
    const stack = await startTestStack();
    const gateway = await startWith(stack, options);
    return new PlayedOnegin(stack, await launchBrowser(), gateway);
  }

  /** Another gateway beside the first. */
  startGateway(options: TestGatewayOptions): Promise<TestGateway> {
    return startWith(this.stack, options);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.stack.remove();
  }

  /** Writes a made-up study into the log. @param until events from the first such on are left out */
  async play(
    jobId: string,
    choice: SampleStudyChoice,
    until?: StudyEvent['type'],
    name?: string,
  ): Promise<StudyEvent[]> {
    const events = sampleStudyEvents(choice);
    const end = events.findIndex(({ type }) => type === until);
    const [played, rest] = end < 0 ? [events, []] : [events.slice(0, end), events.slice(end)];
    await this.write(jobId, played, name);
    return rest;
  }

  async write(jobId: string, events: readonly (NewStudyEvent | StudyEvent)[], name?: string): Promise<void> {
    const AT_ONCE = 200;
    const own = events.map((event) => forJob(event, jobId, name));
    for (let i = 0; i < own.length; i += AT_ONCE)
      await append(this.stack.log, jobId, own.slice(i, i + AT_ONCE));
  }

  address = (path: string): string => `${this.gateway.url}${path}`;
}

async function startWith(stack: TestStack, options: TestGatewayOptions): Promise<TestGateway> {
  const webDir = findWebUi(WEB_DIR);
  if (webDir === null) throw new Error('expected the built web UI; npm run setup builds it');
  return stack.startGateway({ webDir, ...options });
}

/** The log gives events their number and time. */
function forJob(event: NewStudyEvent | StudyEvent, jobId: string, name?: string): NewStudyEvent {
  const { seq: _, at: __, ...rest } = event as StudyEvent;
  if (rest.type !== 'JobRequested') return rest as NewStudyEvent;
  const { config } = rest;
  const request = { ...config.request, ...(name && { name }) };
  return { ...rest, config: { ...config, jobId, runName: `run-${jobId}`, request } };
}

/** Whether what a person sees there hides what lies behind it: no "rgba(…)", which lets something through. */
export const isOpaque = (page: Page, selector: string): Promise<boolean> =>
  page.locator(selector).evaluate((element) => {
    const style = element.ownerDocument.defaultView?.getComputedStyle(element);
    return style?.opacity === '1' && /^rgb\(/.test(style.backgroundColor);
  });

/** Whether all of it lies on the screen. */
export async function isOnScreen(page: Page, selector: string): Promise<boolean> {
  const box = await page.locator(selector).boundingBox();
  const size = page.viewportSize();
  if (!box || !size) return false;
  return box.x >= 0 && box.y >= 0 && box.x + box.width <= size.width && box.y + box.height <= size.height;
}
