/**
 * What the web UI costs: how soon a large study can be used, whether the page stays smooth while events arrive, and
 * how much is fetched at first. A real gateway, a real log and Debian's Chromium; every opening begins with an empty
 * cache.
 *
 *   npm run bench -- web [--trials 10000] [--epochs 8] [--openings 5] [--rate 50] [--seconds 20]
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectRedis, createLogger, StudyLog } from '@onegin/service-kit';
import { startRedisServer } from '@onegin/service-kit/testing';
import { launchBrowser } from '../tests/support/browser.ts';
import type { Bench, BenchArgs } from './bench.ts';
import { startGatewayProcess } from './live/gateway-process.ts';
import { BenchPage, type Opening } from './web/bench-page.ts';
import { LargeStudy } from './web/large-study.ts';

const LIMIT_OPENING_MS = 1500;
const LIMIT_TASK_MS = 100;
const LIMIT_FIRST_LOAD_KB = 350;
const JOB = 'bench-web-study';
const webDir = fileURLToPath(new URL('../frontend/dist', import.meta.url));

const bench: Bench = async (args) => {
  const { openings, live, firstLoads } = await measure(args);
  const middle = median(openings);
  const rows = [
    {
      trials: args.number('trials', 10_000),
      'interactive, ms': Math.round(middle.interactiveMs),
      'slowest, ms': Math.round(Math.max(...openings.map(({ interactiveMs }) => interactiveMs))),
      'listed, ms': Math.round(middle.listedMs),
      'events a second': args.number('rate', 50),
      'longest task, ms': Math.round(live.longest),
      'tasks over 50 ms': live.tasks,
      'first load of /jobs, kB': kilo(firstLoads.jobs),
      'first load of a job, kB': kilo(firstLoads.job),
    },
  ];
  const failures = broken(middle, live.longest, firstLoads);
  return {
    title: 'The web UI',
    rows,
    notes: [
      `Interactive: trials are listed, a chart of the study is drawn, and no task over 50 ms followed for a second (Chromium's long tasks), from the start of the navigation; median of ${openings.length} openings with an empty cache. The longest task is that while the events arrive, for ${args.number('seconds', 20)} s.`,
      'First load: what Chromium received over the wire for page, styles, scripts and fonts, compressed; ELK, 3D and PDF are fetched when they are wanted, what lies below the first view when the user scrolls towards it, or when the page has stood for five seconds. The page of a job fetches ECharts too, with its first chart, and is bounded alike.',
      `Limits: interactive in ${LIMIT_OPENING_MS} ms, no task over ${LIMIT_TASK_MS} ms, first load of either page below ${LIMIT_FIRST_LOAD_KB} kB.`,
      ...failures,
    ],
    passed: failures.length === 0,
  };
};
export default bench;

/** Sentences about limits that were not met. */
function broken(middle: Opening, longestTask: number, firstLoads: { jobs: number; job: number }): string[] {
  const rows: [what: string, found: number, limit: number, unit: string][] = [
    ['a study is interactive after', middle.interactiveMs, LIMIT_OPENING_MS, 'ms'],
    ['the longest task takes', longestTask, LIMIT_TASK_MS, 'ms'],
    ['the first load of /jobs is', firstLoads.jobs / 1000, LIMIT_FIRST_LOAD_KB, 'kB'],
    ['the first load of a job’s page is', firstLoads.job / 1000, LIMIT_FIRST_LOAD_KB, 'kB'],
  ];
  return rows
    .filter(([, found, limit]) => found > limit)
    .map(
      ([what, found, limit, unit]) =>
        `Not met: ${what} ${Math.round(found)} ${unit}, at most ${limit} wanted.`,
    );
}

async function measure(args: BenchArgs) {
  if (!existsSync(path.join(webDir, 'index.html')))
    throw new Error('expected the built web UI in frontend/dist; build it with: npm run setup');
  const server = await startRedisServer();
  const folder = await mkdtemp(path.join(tmpdir(), 'onegin-bench-'));
  const redis = connectRedis(server.url, {
    name: 'bench',
    logger: createLogger({ service: 'bench', level: 'warn' }),
  });
  const gateway = await startGatewayProcess({
    REDIS_URL: server.url,
    ARTIFACTS_DIR: folder,
    WEB_DIR: webDir,
  });
  const browser = await launchBrowser();
  try {
    args.progress('the study is written');
    const study = new LargeStudy(new StudyLog(redis.blocking), JOB, {
      trials: args.number('trials', 10_000),
      epochs: args.number('epochs', 8),
    });
    await study.write();
    const jobs = await BenchPage.open(browser, `${gateway.url}/jobs`);
    await jobs.until('.job');
    const firstLoads = { jobs: await jobs.fetchedBytes(), job: 0 };
    await jobs.close();
    const openings: Opening[] = [];
    for (let i = 0; i < args.number('openings', 5); i++) {
      const page = await BenchPage.open(browser, `${gateway.url}/jobs/${JOB}`);
      const opening = await page.opening();
      args.progress(`opened in ${Math.round(opening.interactiveMs)} ms`);
      openings.push(opening);
      firstLoads.job = await page.fetchedBytes();
      await page.close();
    }
    const live = await whileEventsArrive(
      args,
      await BenchPage.open(browser, `${gateway.url}/jobs/${JOB}`),
      study,
    );
    return { openings, live, firstLoads };
  } finally {
    await browser.close();
    await gateway.stop();
    redis.close();
    await server.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

async function whileEventsArrive(args: BenchArgs, page: BenchPage, study: LargeStudy) {
  await page.opening();
  args.progress('events arrive');
  const since = await page.now();
  await study.goOn(args.number('rate', 50), args.number('seconds', 20));
  for (const deadline = Date.now() + 60_000; (await page.trialsDone()) < study.outcomes; await delay(200))
    if (Date.now() > deadline) throw new Error(`the page did not come to trial ${study.outcomes}`);
  const tasks = (await page.longTasks()).filter(({ startMs }) => startMs >= since);
  await page.close();
  for (const task of tasks)
    args.progress(`a task of ${Math.round(task.durationMs)} ms at ${Math.round(task.startMs - since)} ms`);
  return { longest: Math.max(0, ...tasks.map(({ durationMs }) => durationMs)), tasks: tasks.length };
}

function median(openings: readonly Opening[]): Opening {
  const sorted = [...openings].sort((a, b) => a.interactiveMs - b.interactiveMs);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error('expected at least one opening');
  return middle;
}

const kilo = (bytes: number): number => Math.round(bytes / 1000);
