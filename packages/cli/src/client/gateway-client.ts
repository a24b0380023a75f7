/** Asks a gateway over HTTP; what goes wrong becomes a sentence that says what to do. */
import { isLoopback, OneginError, problemSchema, type Problem } from '@onegin/contracts';
import { CliError } from '../cli-error.ts';
import { wait, waitSeconds } from './waiting.ts';

const ANSWER_WITHIN_MS = 30_000;

/** A problem that the gateway answered with. */
export const problemError = (problem: Problem): OneginError =>
  new OneginError(problem.code, problemText(problem), { problems: problem.errors ?? [] });

export interface ClientOptions {
  /** Sent with every request; null: none. */
  readonly key?: string | null;
  /** Hears why it takes longer. */
  readonly notice?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export class GatewayClient {
  readonly url: string;
  /** What says who asks: empty without a key. */
  readonly headers: Readonly<Record<string, string>>;
  readonly #options: ClientOptions;

  /** @param url `http://127.0.0.1:7860` */
  constructor(url: string, options: ClientOptions = {}) {
    if (!/^https?:\/\/[^/]/.test(url))
      throw new CliError(`expected an address such as http://127.0.0.1:7860, found ${url}`);
    this.url = url.replace(/\/+$/, '');
    this.#options = options;
    this.headers = options.key ? { authorization: `Bearer ${options.key}` } : {};
    const { protocol, hostname } = new URL(this.url);
    if (options.key && protocol === 'http:' && !isLoopback(hostname.replace(/^\[|\]$/g, '')))
      options.notice?.(`the key goes to ${hostname} unencrypted: prefer https`);
  }

  /** @throws OneginError with what the gateway answered, or CliError when the gateway cannot be reached */
  async get<T>(path: string): Promise<T> {
    return (await (await this.ask(path)).json()) as T;
  }

  async post<T>(path: string, body?: unknown): Promise<T> {
    const response = await this.ask(path, {
      method: 'POST',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    return (await response.json()) as T;
  }

  /**
   * The answer as it comes, for files: there is no time limit once it has begun. Where the gateway is asked too often,
   * it is asked again when it says.
   */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    for (let retries = 0; ; retries++) {
      const response = await this.#askOnce(path, init);
      if (response.ok) return response;
      const seconds = waitSeconds(response, retries);
      if (seconds === null) throw await this.#refusal(response);
      await response.body?.cancel();
      this.#options.notice?.(`${this.url} is asked too often; trying again in ${seconds} s`);
      await wait(seconds, this.#options.signal);
    }
  }

  async #askOnce(path: string, init: RequestInit): Promise<Response> {
    const began = new AbortController();
    const timer = setTimeout(() => began.abort(), ANSWER_WITHIN_MS);
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined) };
    try {
      return await fetch(this.url + path, { ...init, headers, signal: began.signal });
    } catch (error) {
      throw this.unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** What to say, and to type, when nobody answers. */
  unreachable(error: unknown): CliError {
    return new CliError(
      `cannot reach Onegin at ${this.url}: ${reasonOf(error)}\n` +
        'Start it with `npx onegin up`, or name another address with --url or ONEGIN_URL.',
    );
  }

  async #refusal(response: Response): Promise<Error> {
    const text = await response.text();
    const parsed = problemSchema.safeParse(jsonOrNull(text));
    if (parsed.success) return problemError(parsed.data);
    return new CliError(
      `${this.url} answered ${response.status} ${response.statusText}, and not as Onegin does. Is this the right address?`,
    );
  }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string; message?: string } };
  if (name === 'AbortError') return `no answer within ${ANSWER_WITHIN_MS / 1000} s`;
  if (cause?.code === 'ECONNREFUSED') return 'nothing listens there';
  if (cause?.code === 'ENOTFOUND') return 'there is no such host';
  return cause?.code ?? cause?.message ?? String(error);
}

const KEY_HELP =
  'Give a key in ONEGIN_API_KEY or with --key-file FILE; the operator makes one with `onegin keys create`.';

/** The wrong fields one under the other; where there are none, the sentence. */
function problemText({ code, title, detail, errors }: Problem): string {
  if (code === 'unauthorized') return `Onegin did not let you in: ${detail}\n${KEY_HELP}`;
  if (code === 'forbidden') return `${title}: ${detail}`;
  if (!errors?.length) return detail;
  const lines = errors.map(
    ({ field, expected, found }) => `  ${field || 'request'}: ${expected}, found ${found}`,
  );
  return [`${title}:`, ...lines].join('\n');
}
