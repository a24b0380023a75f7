/** Asks a gateway over HTTP; what goes wrong becomes a sentence that says what to do. */
import { problemSchema, type Problem } from '@onegin/contracts';
import { CliError } from '../cli-error.ts';

const ANSWER_WITHIN_MS = 30_000;

/** A problem that the gateway answered with. */
export class ProblemError extends CliError {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problemText(problem));
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export class GatewayClient {
  readonly url: string;

  /** @param url `http://127.0.0.1:7860` */
  constructor(url: string) {
    if (!/^https?:\/\/[^/]/.test(url))
      throw new CliError(`expected an address such as http://127.0.0.1:7860, found ${url}`);
    this.url = url.replace(/\/+$/, '');
  }

  /** @throws ProblemError, or CliError when the gateway cannot be reached */
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

  /** The answer as it comes, for files: there is no time limit once it has begun. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const began = new AbortController();
    const timer = setTimeout(() => began.abort(), ANSWER_WITHIN_MS);
    let response: Response;
    try {
      response = await fetch(this.url + path, { ...init, signal: began.signal });
    } catch (error) {
      throw this.unreachable(error);
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return response;
    throw await this.refusal(response);
  }

  /** What to say, and to type, when nobody answers. */
  unreachable(error: unknown): CliError {
    return new CliError(
      `cannot reach Onegin at ${this.url}: ${reasonOf(error)}\n` +
        'Start it with `npx onegin up`, or name another address with --url or ONEGIN_URL.',
    );
  }

  private async refusal(response: Response): Promise<CliError> {
    const text = await response.text();
    const parsed = problemSchema.safeParse(jsonOrNull(text));
    if (parsed.success) return new ProblemError(parsed.data);
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

/** The wrong fields one under the other; where there are none, the sentence. */
function problemText({ title, detail, errors }: Problem): string {
  if (!errors?.length) return detail;
  const lines = errors.map(
    ({ field, expected, found }) => `  ${field || 'request'}: ${expected}, found ${found}`,
  );
  return [`${title}:`, ...lines].join('\n');
}
