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
/** Tells how the operation ended. @param bytes null: it failed */
type End = (bytes: number | null) => void;

export function observedStore(store: ArtifactStore, observe: Observe): ArtifactStore {
  const begin = (operation: ArtifactOperationName): End => {
    const startedAt = performance.now();
    return (bytes) =>
      observe({
        operation,
        seconds: (performance.now() - startedAt) / 1000,
        bytes: bytes ?? 0,
        failed: bytes === null,
      });
  };
  return {
    put: (key, body, about) => whole(begin('put'), store.put(key, body, about), ({ bytes }) => bytes),
    get: (ref) => whole(begin('get'), store.get(ref), (content) => content.length),
    read: (key) => whole(begin('read'), store.read(key), (content) => content.length),
    open: async (ref) => {
      const end = begin('open');
      const stream = await store.open(ref).catch((error: unknown) => {
        end(null);
        throw error;
      });
      // A reader that goes away is no failure of the store.
      finished(stream, (error) =>
        end(error ? (error.code === 'ERR_STREAM_PREMATURE_CLOSE' ? 0 : null) : ref.bytes),
      );
      return stream;
    },
    list: (prefix) => observedList(store.list(prefix), begin('list')),
    removePrefix: (prefix) => whole(begin('remove'), store.removePrefix(prefix)),
    probe: () => whole(begin('probe'), store.probe()),
  };
}

async function* observedList<Item>(items: AsyncIterable<Item>, end: End): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    end(null);
    throw error;
  }
  end(0);
}

async function whole<T>(end: End, work: Promise<T>, bytesOf: (result: T) => number = () => 0): Promise<T> {
  try {
    const result = await work;
    end(bytesOf(result));
    return result;
  } catch (error) {
    end(null);
    throw error;
  }
}
