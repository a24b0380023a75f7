/** A child process or a thread, seen from the side that started it, from its start to its end. */
import { OneginError } from '@onegin/contracts';
import { Channel, type ChannelOptions } from './channel.ts';
import type { Death, Transport } from './transport.ts';

export class Peer<Theirs, Ours = object> extends Channel<Theirs, Ours> {
  readonly pid: number | undefined;
  readonly #transport: Transport;
  #alive = true;
  #killedFor: OneginError | null = null;

  constructor(transport: Transport, options: ChannelOptions) {
    super((message) => transport.post(message), options);
    this.#transport = transport;
    this.pid = transport.pid;
    transport.listen(
      // What one that was killed still says counts no more.
      (message) => this.#alive && this.receive(message),
      (death) => {
        this.#alive = false;
        this.close(this.#killedFor ?? this.deathError(death));
      },
    );
  }

  /** Neither ended nor killed. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Ends it at once. What waits is rejected when it has ended, with the reason if there is one. */
  override kill(reason: OneginError | null = null): void {
    this.#alive = false;
    this.#killedFor ??= reason;
    this.#transport.kill();
  }

  /** Why it ended, when nobody has said. */
  protected deathError({ code, signal, lastWords }: Death): OneginError {
    const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
    const words = lastWords.trim();
    return new OneginError(this.options.code, `${this.options.name} ${how}${words && `: ${words}`}`);
  }
}
