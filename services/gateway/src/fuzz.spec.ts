import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { io } from 'socket.io-client';
import { acceptRequest, OneginError, problemSchema, type WatchAnswer } from '@onegin/contracts';
import { address, body, brokenJson, odd, packet, rawBytes } from './testing/fuzz-values.ts';
import {
  ask,
  post,
  startTestStack,
  testDatasets,
  until,
  type Json,
  type TestGateway,
  type TestStack,
} from './testing/test-gateway.ts';

/** Ten thousand requests in all. */
const AT_ONCE = 50;
const RUNS = { bodies: 30, addresses: 50, broken: 20, raw: 100 };
const PACKETS = { runs: 20, each: 40 };

/** Against hanging only. */
const LIMIT_MS = 300_000;

let stack: TestStack;
let gateway: TestGateway;
let jobId: string;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  const { body: started }: Json = await post(`${gateway.url}/api/optimize`, { dataset: 'digits' });
  jobId = started.jobId;
});

afterAll(() => stack.remove());

const manyOf = async <T>(
  what: fc.Arbitrary<T>,
  runs: number,
  check: (value: T) => Promise<void>,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(what, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (values) => {
      await Promise.all(values.map(check));
    }),
    { numRuns: runs },
  );

/** What the contracts say about the same body. */
function verdict(text: string): OneginError | null {
  try {
    acceptRequest(JSON.parse(text), testDatasets);
    return null;
  } catch (error) {
    if (error instanceof OneginError) return error;
    throw error;
  }
}

/** A gateway that crashed would not answer. */
const stillAnswers = async (): Promise<void> => {
  expect((await ask(`${gateway.url}/api/jobs/${jobId}`)).status).toBe(200);
};

describe('whatever is sent', () => {
  it(
    'as a request, it is accepted or refused with every wrong field named',
    async () => {
      await manyOf(body, RUNS.bodies, async (value) => {
        const text = JSON.stringify(value);
        const answer = await post(`${gateway.url}/api/optimize`, text);
        const expected = verdict(text);
        if (!expected) return expect(answer.status).toBe(202);
        expect(answer.status).toBe(400);
        const { code, errors } = problemSchema.parse(answer.body);
        expect(code).toBe(expected.code);
        expect(errors).toEqual(expected.problems.slice(0, 100));
        for (const problem of errors!) expect(problem.expected).toMatch(/^expected|^Invalid/);
      });
    },
    LIMIT_MS,
  );

  it(
    'as an address, it is answered below 500',
    async () => {
      await manyOf(address(jobId), RUNS.addresses, async ({ method, path }) => {
        const answer = await ask(gateway.url + path, { method });
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) problemSchema.parse(answer.body);
      });
    },
    LIMIT_MS,
  );

  it(
    'as JSON with wrong bytes, it is answered below 500',
    async () => {
      await manyOf(brokenJson, RUNS.broken, async (bytes) => {
        const answer = await ask(`${gateway.url}/api/optimize`, {
          method: 'POST',
          body: new Uint8Array(bytes),
          headers: { 'content-type': 'application/json' },
        });
        expect(answer.status).toBeLessThan(500);
        if (answer.status >= 400) problemSchema.parse(answer.body);
      });
    },
    LIMIT_MS,
  );

  it(
    'as bytes that may be no HTTP, it is answered below 500 or hung up on',
    async () => {
      await manyOf(rawBytes, RUNS.raw, async (bytes) => {
        const answer = await exchange(bytes);
        for (const [, status] of answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm))
          expect(Number(status)).toBeLessThan(500);
      });
      await stillAnswers();
    },
    LIMIT_MS,
  );
});

describe('whatever is said over a socket', () => {
  it(
    'as an argument of a message, it is answered, and a wrong one with its field',
    async () => {
      const message = fc.oneof(
        odd,
        fc.record(
          { jobId: fc.oneof(odd, fc.constant(jobId)), after: odd, colour: odd },
          { requiredKeys: [] },
        ),
      );
      await fc.assert(
        fc.asyncProperty(
          fc.array(message, { minLength: PACKETS.each, maxLength: PACKETS.each }),
          async (values) => {
            const socket = io(gateway.url, {
              transports: ['websocket'],
              forceNew: true,
              reconnection: false,
            });
            await Promise.all(
              values.map(async (value) => {
                const answer: WatchAnswer = await socket.emitWithAck('watchJob', value);
                if (answer.ok) return;
                const { code, errors } = problemSchema.parse(answer.problem);
                expect(['request-invalid', 'job-unknown']).toContain(code);
                if (code === 'request-invalid') expect(errors!.length).toBeGreaterThan(0);
              }),
            );
            socket.close();
          },
        ),
        { numRuns: PACKETS.runs },
      );
      await stillAnswers();
    },
    LIMIT_MS,
  );

  it(
    'as a packet that may be none, it costs the connection at most',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(packet, { minLength: 1, maxLength: PACKETS.each }), async (packets) => {
          const socket = new WebSocket(
            `${gateway.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`,
          );
          let closed = false;
          socket.addEventListener('close', () => (closed = true));
          await new Promise((resolve) => socket.addEventListener('open', resolve));
          socket.send('40');
          for (const text of packets) if (socket.readyState === WebSocket.OPEN) socket.send(text);
          socket.close();
          await until(() => closed, 'the socket is closed');
        }),
        { numRuns: PACKETS.runs },
      );
      await stillAnswers();
    },
    LIMIT_MS,
  );
});

/** What the gateway sends back for the bytes before the connection ends. */
function exchange(bytes: Buffer): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname, () => socket.end(bytes));
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    // A reset connection is an acceptable answer.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}
