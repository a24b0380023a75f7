/**
 * The training process of a device beyond the first (DEVICES_PER_TRIAL): it trains the same entry on its share of every
 * batch. It is told nothing and says nothing while it trains; the first device's process speaks for all.
 */
import { fork, type ChildProcess } from 'node:child_process';
import type { Failure, TrialJob } from '@onegin/contracts';
import type { GroupPlace } from '@onegin/training';
import type { ChildSetup, FromChild, ToChild } from './child-messages.ts';
import { deathNotice } from './death-notice.ts';
import { OomKills } from './oom-kills.ts';

const STDERR_KEPT = 4000;

export class HelperDevice {
  readonly #process: ChildProcess;
  readonly #name: string;
  #stderr = '';
  #failure: Failure | null = null;
  #ended = false;
  readonly #oomKills: OomKills;
  #listener: ((message: FromChild | { type: 'exit' }) => void) | null = null;

  private constructor(name: string) {
    this.#name = name;
    this.#process = fork(new URL('./training-process.ts', import.meta.url), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#oomKills = new OomKills(this.#process.pid);
    this.#process.stderr!.on('data', (chunk: Buffer) => {
      this.#stderr = (this.#stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    this.#process.on('message', (message) => this.#listener?.(message as FromChild));
    this.#process.on('error', () => this.#end({ code: null, signal: null }));
    this.#process.on('exit', (code, signal) => this.#end({ code, signal }));
  }

  /** @throws Error with the reason when the engine cannot be had on this device or the process dies. */
  static async start(setup: ChildSetup, name: string, withinMs: number): Promise<HelperDevice> {
    const helper = new HelperDevice(name);
    const limit = setTimeout(() => helper.kill(), withinMs);
    const ready = new Promise<void>((resolve, reject) => {
      helper.#listener = (message) => {
        if (message.type === 'ready') resolve();
        else if (message.type === 'unable') reject(new Error(`${name}: ${message.message}`));
        else if (message.type === 'exit') reject(new Error(helper.#failure!.message));
      };
    });
    helper.#send({ type: 'setup', setup });
    try {
      await ready;
    } catch (error) {
      helper.kill();
      throw error;
    } finally {
      clearTimeout(limit);
    }
    return helper;
  }

  get alive(): boolean {
    return !this.#ended;
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Trains its share. Answers why it could not; null when it got through, as far as the first device went. */
  async help(job: TrialJob, checkpoint: Uint8Array | undefined, place: GroupPlace): Promise<Failure | null> {
    return new Promise((resolve) => {
      this.#listener = (message) => {
        if (message.type === 'helped') resolve(message.failure);
        else if (message.type === 'exit') resolve(this.#failure);
      };
      if (this.alive) this.#send({ type: 'train', job, checkpoint, place });
      else resolve(this.#failure);
    });
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  #send(message: ToChild): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }

  #end(exit: { code: number | null; signal: NodeJS.Signals | null }): void {
    this.#ended = true;
    const death = { ...exit, stderr: this.#stderr, oomKilled: this.#oomKills.happened };
    this.#failure ??= deathNotice(death, `the process of ${this.#name}`);
    this.#listener?.({ type: 'exit' });
  }
}
