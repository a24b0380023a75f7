/** Hundreds of viewers in a few processes. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ViewersOrder {
  readonly url: string;
  readonly jobId: string;
  readonly viewers: number;
}
export type ViewersWord = 'seq' | 'report';
export type ViewersReply = 'ready' | { readonly seqs: readonly number[] } | ViewersReport;

export interface ViewersReport {
  /** [milliseconds from the event to the viewer, how many events], rising. */
  readonly latencies: readonly (readonly [number, number])[];
  /** Of each viewer's state as JSON. */
  readonly hashes: readonly string[];
  readonly snapshots: number;
  readonly wrong: number;
}

const main = fileURLToPath(new URL('./viewers-main.ts', import.meta.url));

export class Viewers {
  readonly #children: ChildProcess[] = [];

  /** Resolves when all of them watch. */
  static async start(order: ViewersOrder, processes: number): Promise<Viewers> {
    const viewers = new Viewers();
    for (let i = 0; i < processes; i++) {
      const share = { ...order, viewers: Math.floor((order.viewers + i) / processes) };
      const child = spawn(process.execPath, [main, JSON.stringify(share)], {
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      });
      viewers.#children.push(child);
      const ended = once(child, 'exit').then(() => Promise.reject(new Error('a process of viewers ended')));
      await Promise.race([once(child, 'message'), ended]);
      ended.catch(() => undefined);
    }
    return viewers;
  }

  /** Sequence number that the last of them has reached. */
  async lastSeq(): Promise<number> {
    const replies = await this.#ask('seq');
    return Math.min(...replies.flatMap((reply) => (reply as { seqs: number[] }).seqs));
  }

  async report(): Promise<ViewersReport> {
    const reports = (await this.#ask('report')) as ViewersReport[];
    const counts = new Map<number, number>();
    for (const { latencies } of reports)
      for (const [ms, count] of latencies) counts.set(ms, (counts.get(ms) ?? 0) + count);
    return {
      latencies: [...counts].sort(([a], [b]) => a - b),
      hashes: reports.flatMap(({ hashes }) => hashes),
      snapshots: reports.reduce((sum, { snapshots }) => sum + snapshots, 0),
      wrong: reports.reduce((sum, { wrong }) => sum + wrong, 0),
    };
  }

  stop(): void {
    for (const child of this.#children) child.disconnect();
  }

  #ask(word: ViewersWord): Promise<ViewersReply[]> {
    return Promise.all(
      this.#children.map(async (child) => {
        const answer = once(child, 'message') as Promise<[ViewersReply]>;
        child.send(word);
        return (await answer)[0];
      }),
    );
  }
}
