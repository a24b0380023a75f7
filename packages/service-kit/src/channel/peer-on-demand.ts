/** Keeps one warm peer: started when it is first needed, and replaced when it has ended or is worn. */
import type { OneginError } from '@onegin/contracts';

interface Warm {
  readonly alive: boolean;
  kill(reason?: OneginError | null): void;
}

export class PeerOnDemand<Kept extends Warm> {
  readonly #start: (replaced: string | null) => Kept;
  readonly #needsReplacement: (peer: Kept) => string | null;
  #peer: Kept | null = null;

  /**
   * @param start is told why another was replaced; null: it is the first
   * @param needsReplacement says why a peer is not to be used again; null: it may
   */
  constructor(
    start: (replaced: string | null) => Kept,
    needsReplacement: (peer: Kept) => string | null = ({ alive }) => (alive ? null : ENDED),
  ) {
    this.#start = start;
    this.#needsReplacement = needsReplacement;
  }

  take(): Kept {
    const reason = this.#peer && this.#needsReplacement(this.#peer);
    if (this.#peer && reason === null) return this.#peer;
    this.#peer?.kill();
    return (this.#peer = this.#start(reason));
  }

  close(reason: OneginError | null = null): void {
    this.#peer?.kill(reason);
    this.#peer = null;
  }
}

const ENDED = 'it has ended';

/** Why a process is due to be replaced by a fresh one; null: it is not. */
export function needsReplacement(
  { alive, uses, memoryBytes }: { alive: boolean; uses: number; memoryBytes: number },
  most: { uses: number; memoryMb: number },
): string | null {
  if (!alive) return ENDED;
  if (uses >= most.uses) return `it was used ${uses} times`;
  if (memoryBytes > most.memoryMb * 2 ** 20) return `it holds ${Math.round(memoryBytes / 2 ** 20)} MB`;
  return null;
}
