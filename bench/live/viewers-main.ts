/** A process of viewers: each a client of its own that folds what it is sent. Ordered over IPC; see viewers.ts. */
import { createHash } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import {
  reduceStudy,
  WIRE_VERSION,
  type ClientMessages,
  type ServerMessages,
  type StudyEvent,
  type StudyState,
} from '@onegin/contracts';
import * as parser from './shared-parser.ts';
import type { ViewersOrder, ViewersReply, ViewersWord } from './viewers.ts';

const LONGEST_MS = 60_000;
const order = JSON.parse(process.argv[2] ?? '{}') as ViewersOrder;
/** How many events came after how many ms, over all viewers of this process. */
const latencies = new Array<number>(LONGEST_MS + 1).fill(0);

class Viewer {
  readonly socket: Socket<ServerMessages, ClientMessages>;
  state: StudyState | null = null;
  snapshots = 0;
  /** Events that came twice, or out of sequence. */
  wrong = 0;

  constructor() {
    this.socket = io(order.url, { transports: ['websocket'], forceNew: true, parser });
    this.socket.on('snapshot', ({ state }) => {
      this.snapshots++;
      this.state = state;
    });
    this.socket.on('events', ({ events }) => {
      const now = Date.now();
      for (const event of events) this.#fold(event, now);
    });
  }

  watch(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect', () =>
        this.socket.emit('watchJob', { jobId: order.jobId, version: WIRE_VERSION }, (answer) =>
          answer.ok ? resolve() : reject(new Error(answer.problem.detail)),
        ),
      );
      this.socket.once('connect_error', reject);
    });
  }

  #fold(event: StudyEvent, now: number): void {
    if (!this.state || event.seq !== this.state.seq + 1) this.wrong++;
    this.state = reduceStudy(this.state, event);
    const ms = Math.max(0, Math.min(LONGEST_MS, now - event.at));
    latencies[ms] = (latencies[ms] ?? 0) + 1;
  }
}

const viewers: Viewer[] = [];
// Not all at once: what is measured is watching, not the rush of arriving.
for (let i = 0; i < order.viewers; i += 10) {
  const next = Array.from({ length: Math.min(10, order.viewers - i) }, () => new Viewer());
  viewers.push(...next);
  await Promise.all(next.map((viewer) => viewer.watch()));
}

const reply = (word: ViewersReply): void => void process.send?.(word);
const textHash = (state: StudyState | null): string =>
  createHash('sha256').update(JSON.stringify(state)).digest('hex');

process.on('message', (word: ViewersWord) => {
  if (word === 'seq') reply({ seqs: viewers.map(({ state }) => state?.seq ?? 0) });
  if (word === 'report')
    reply({
      latencies: latencies.flatMap((count, ms) => (count > 0 ? [[ms, count] as const] : [])),
      hashes: viewers.map(({ state }) => textHash(state)),
      snapshots: viewers.reduce((sum, { snapshots }) => sum + snapshots, 0),
      wrong: viewers.reduce((sum, { wrong }) => sum + wrong, 0),
    });
});
process.once('disconnect', () => process.exit(0));
reply('ready');
