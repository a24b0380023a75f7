import { afterEach, describe, expect, it } from '@jest/globals';
import { askForState, takeState } from './early-state.ts';

const answers: Record<string, Response | Error> = {};
const asked: string[] = [];
const before = globalThis.fetch;

function answer(path: string, what: Response | Error): void {
  answers[path] = what;
  globalThis.fetch = (async (url: string) => {
    asked.push(url);
    const found = answers[url];
    if (!found || found instanceof Error) throw found ?? new Error(`nothing at ${url}`);
    return found;
  }) as typeof fetch;
}

const json = (body: unknown, status = 200) =>
  ({ ok: status < 400, json: async () => body }) as unknown as Response;

describe('the study that is asked for before its page', () => {
  afterEach(() => {
    globalThis.fetch = before;
    asked.length = 0;
  });

  it.each(['/jobs/abc', '/jobs/abc/', '/jobs/abc/trials/3'])(
    'is that of %s, and is there once',
    async (at) => {
      answer('api/jobs/abc/state', json({ blocks: [] }));
      askForState(at);
      expect(await takeState('abc')).toEqual({ blocks: [] });
      expect(await takeState('abc')).toBeNull();
      expect(asked).toEqual(['api/jobs/abc/state']);
    },
  );

  it.each(['/jobs', '/', '/new', '/jobs/abc/trials/3/network', '/embed/abc'])('is none of %s', async (at) => {
    answer('api/jobs/abc/state', json({ blocks: [] }));
    askForState(at);
    expect(asked).toEqual([]);
    expect(await takeState('abc')).toBeNull();
  });

  it.each<[string, Response | Error]>([
    ['asks who is there', json({ code: 'unauthorized' }, 401)],
    ['is unreachable', new Error('unreachable')],
  ])('is not there where the gateway %s', async (_why, what) => {
    answer('api/jobs/abc/state', what);
    askForState('/jobs/abc');
    expect(await takeState('abc')).toBeNull();
  });

  it('is of the job with a sign in its name, and none keeps the page from starting', async () => {
    answer('api/jobs/a%20b/state', json({ blocks: [] }));
    askForState('/jobs/a%20b');
    expect(await takeState('a b')).toEqual({ blocks: [] });
    answer('api/jobs/%E0%A4%A/state', json({ code: 'invalid' }, 400));
    expect(() => askForState('/jobs/%E0%A4%A')).not.toThrow();
    expect(await takeState('x')).toBeNull();
  });

  it('is not taken for another', async () => {
    answer('api/jobs/abc/state', json({ blocks: [] }));
    askForState('/jobs/abc');
    expect(await takeState('xyz')).toBeNull();
  });
});
