/**
 * The process that trains: started by the trainer, told over IPC what to train, ended when the trainer ends. It
 * talks to nothing else, so its crash costs one attempt and nothing more.
 */
import type { PreparedStore } from '@onegin/datasets';
import { pickEngine, trainJob, type Engine, type StopSignal } from '@onegin/training';
import type { ChildSetup, FromChild, ToChild } from './child-messages.ts';

class TrainingProcess {
  #engine: Engine | undefined;
  #setup: ChildSetup | undefined;
  #stop: StopSignal | undefined;
  #verdict: ((verdict: 'continue' | 'stop') => void) | undefined;
  readonly #datasets = new DatasetsOfTrainer();

  async receive(message: ToChild): Promise<void> {
    switch (message.type) {
      case 'setup':
        return this.#setUp(message.setup);
      case 'train':
        return this.#train(message);
      case 'verdict':
        return this.#verdict?.(message.verdict);
      case 'dataset':
        return this.#datasets.answer(message);
      case 'stop':
        this.#stop = message.signal;
        return this.#verdict?.('stop');
    }
  }

  async #setUp(setup: ChildSetup): Promise<void> {
    this.#setup = setup;
    try {
      this.#engine = await pickEngine({
        device: setup.resource,
        modelKind: setup.modelKind,
        ...(setup.threads !== undefined && { threads: setup.threads }),
      });
      say({ type: 'ready', engine: this.#engine.info });
    } catch (error) {
      say({ type: 'unable', message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #train({ job, checkpoint }: Extract<ToChild, { type: 'train' }>): Promise<void> {
    this.#stop = undefined;
    const outcome = await trainJob(job, {
      engine: this.#engine!,
      datasetsDir: this.#setup!.datasetsDir,
      preparedStore: this.#datasets,
      checkpoint,
      stop: () => this.#stop,
      onProgress: (progress) => say({ type: 'progress', progress }),
      onEpoch: (summary, after) => {
        const verdict = new Promise<'continue' | 'stop'>((resolve) => (this.#verdict = resolve));
        say({ type: 'epoch', summary, checkpoint: after });
        return verdict;
      },
    });
    say({ type: 'outcome', outcome, memoryBytes: process.memoryUsage.rss() });
  }
}

/** The artifact store's prepared datasets, asked for through the trainer's main process. */
class DatasetsOfTrainer implements PreparedStore {
  readonly #waiting = new Map<number, (done: boolean) => void>();
  #asked = 0;

  get(name: string, path: string): Promise<boolean> {
    return this.#ask('get', name, path);
  }

  async put(name: string, path: string): Promise<void> {
    await this.#ask('put', name, path);
  }

  answer({ id, done }: Extract<ToChild, { type: 'dataset' }>): void {
    this.#waiting.get(id)?.(done);
    this.#waiting.delete(id);
  }

  #ask(action: 'get' | 'put', name: string, path: string): Promise<boolean> {
    const id = this.#asked++;
    const answer = new Promise<boolean>((resolve) => this.#waiting.set(id, resolve));
    say({ type: 'dataset', id, action, name, path });
    return answer;
  }
}

function say(message: FromChild): void {
  process.send!(message);
}

const training = new TrainingProcess();
process.on('message', (message) => void training.receive(message as ToChild));
// Ctrl-C reaches the whole process group; the trainer decides when this process ends.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
process.on('disconnect', () => process.exit(0));
