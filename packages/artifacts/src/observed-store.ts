/** A store that tells how each of its operations went, for metrics. */
import { finished } from 'node:stream';
import type { ArtifactStore } from './artifact-store.ts';

/** The operations that are told; `open` is a download that is streamed, told when it has ended. */
export const artifactOperations = ['put', 'get', 'open', 'read', 'list', 'remove', 'probe'] as const;
export type ArtifactOperationName = (typeof artifactOperations)[number];

export interface ObservedOperation {
  readonly operation: ArtifactOperationName;
  readonly seconds: number;
  /** Content written or read. */
  readonly bytes: number;
  readonly failed: boolean;
}

type Observe = (operation: ObservedOperation) => void;

export function observedStore(store: ArtifactStore, observe: Observe): ArtifactStore {
  return {
    put: (key, body, about) => {
      const watch = new Watch('put', observe);
      return watch.whole(store.put(key, body, about), ({ bytes }) => bytes);
    },
    get: (ref) => new Watch('get', observe).whole(store.get(ref), (content) => content.length),
    read: (key) => new Watch('read', observe).whole(store.read(key), (content) => content.length),
    open: async (ref) => {
      const watch = new Watch('open', observe);
      const stream = await store.open(ref).catch((error: unknown) => {
        watch.failed();
        throw error;
      });
      finished(stream, (error) => {
        if (!error) watch.done(ref.bytes);
        // A reader that goes away is no failure of the store.
        else if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') watch.done(0);
        else watch.failed();
      });
      return stream;
    },
    list: (prefix) => observedList(store.list(prefix), new Watch('list', observe)),
    removePrefix: (prefix) => new Watch('remove', observe).whole(store.removePrefix(prefix)),
    probe: () => new Watch('probe', observe).whole(store.probe()),
  };
}

async function* observedList<Item>(items: AsyncIterable<Item>, watch: Watch): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    watch.failed();
    throw error;
  }
  watch.done(0);
}

class Watch {
  readonly #operation: ArtifactOperationName;
  readonly #observe: Observe;
  readonly #startedAt = performance.now();

  constructor(operation: ArtifactOperationName, observe: Observe) {
    this.#operation = operation;
    this.#observe = observe;
  }

  async whole<T>(work: Promise<T>, bytesOf: (result: T) => number = () => 0): Promise<T> {
    try {
      const result = await work;
      this.done(bytesOf(result));
      return result;
    } catch (error) {
      this.failed();
      throw error;
    }
  }

  done(bytes: number): void {
    this.#tell(bytes, false);
  }

  failed(): void {
    this.#tell(0, true);
  }

  #tell(bytes: number, failed: boolean): void {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    this.#observe({ operation: this.#operation, seconds, bytes, failed });
  }
}
