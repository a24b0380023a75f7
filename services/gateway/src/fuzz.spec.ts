import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  acceptRequest,
  modelParameterNames,
  OneginError,
  optimizationRequestSchema,
  problemSchema,
} from '@onegin/contracts';
import {
  ask,
  post,
  startTestStack,
  testDatasets,
  type Json,
  type TestGateway,
  type TestStack,
} from './testing/test-gateway.ts';

/** Requests in all; each property says so. */
const REQUESTS = { body: 220, address: 80 };

let stack: TestStack;
let gateway: TestGateway;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
});

afterAll(() => stack.remove());

/** Values that programs and people get wrong. */
const odd = fc.oneof(
  fc.constantFrom(
    null,
    true,
    false,
    '',
    ' ',
    0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    '1',
    [],
    {},
    [null],
    'none',
    'auto',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'kind', '\u0000', '\ud800', 'x'.repeat(5000)),
  fc.jsonValue({ maxDepth: 3 }),
);

const parameter = fc.oneof(
  odd,
  fc.record(
    {
      type: fc.oneof(fc.constantFrom('float', 'int', 'categorical'), odd),
      low: fc.oneof(fc.double({ noNaN: true }), fc.integer(), odd),
      high: fc.oneof(fc.double({ noNaN: true }), fc.integer(), odd),
      log: fc.oneof(fc.boolean(), odd),
      step: fc.oneof(fc.integer(), odd),
      choices: fc.oneof(fc.array(odd), odd),
      when: fc.oneof(
        fc.record({ param: fc.constantFrom('optimizer', 'denseLayers', 'x'), in: fc.array(odd) }),
        odd,
      ),
    },
    { requiredKeys: [] },
  ),
);

const parameterName = fc.oneof(
  fc.constantFrom(...modelParameterNames('cnn'), ...modelParameterNames('lstm'), '__proto__', 'constructor'),
  fc.string(),
);

const fieldValue = (name: string): fc.Arbitrary<unknown> => {
  if (name === 'searchSpace') return fc.dictionary(parameterName, parameter, { maxKeys: 4 });
  if (name === 'enqueue')
    return fc.array(fc.dictionary(parameterName, odd, { maxKeys: 4 }), { maxLength: 4 });
  if (name === 'pruner')
    return fc.record({
      name: fc.constantFrom('asha', 'patient', 'threshold', 'x'),
      wrapped: odd,
      upper: odd,
    });
  if (name === 'dataset') return fc.constantFrom('digits', 'mails');
  return odd;
};

const body = fc.oneof(
  odd,
  fc.record(
    Object.fromEntries(
      [...Object.keys(optimizationRequestSchema.shape), '__proto__', 'colour'].map((name) => [
        name,
        fc.oneof({ weight: 3, arbitrary: fieldValue(name) }, { weight: 1, arbitrary: odd }),
      ]),
    ),
    { requiredKeys: [] },
  ),
);

/** What the contracts say of the same body, asked directly. */
function verdict(text: string): OneginError | null {
  try {
    acceptRequest(JSON.parse(text), testDatasets);
    return null;
  } catch (error) {
    if (error instanceof OneginError) return error;
    throw error;
  }
}

describe('whatever is sent', () => {
  it(
    'as a request, it is accepted or refused with every wrong field named',
    () =>
      fc.assert(
        fc.asyncProperty(body, async (value) => {
          const text = JSON.stringify(value);
          const answer = await post(`${gateway.url}/api/optimize`, text);
          const expected = verdict(text);
          if (!expected) return expect(answer.status).toBe(202);
          expect(answer.status).toBe(400);
          const { code, errors } = problemSchema.parse(answer.body);
          expect(code).toBe(expected.code);
          expect(errors!.length).toBe(Math.min(100, expected.problems.length));
          expect(errors).toEqual(expected.problems.slice(0, 100));
          for (const problem of errors!) expect(problem.expected).toMatch(/^expected|^Invalid/);
        }),
        { numRuns: REQUESTS.body },
      ),
    60_000,
  );

  it('as an address, it is answered below 500', async () => {
    const { body: started }: Json = await post(`${gateway.url}/api/optimize`, { dataset: 'digits' });
    const part = fc.oneof(
      fc.constantFrom(
        'jobs',
        'trials',
        'plots',
        'download',
        started.jobId,
        '0',
        '-1',
        '99999999999999999999',
        '..',
      ),
      fc.constantFrom('%00', '%2e%2e%2f', 'a.svg', 'loss.png', '.svg', '%E0%A4%A', '*', '__proto__'),
      fc.string().map((text) => encodeURIComponent(text.toWellFormed())),
    );
    const query = fc.oneof(
      fc.constantFrom(
        '',
        '?limit=1',
        '?limit=-1',
        '?after=x',
        '?from[]=1',
        '?status=running&status=x',
        '?__proto__=1',
      ),
      fc.string().map((text) => `?limit=${encodeURIComponent(text.toWellFormed())}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'),
        fc.array(part, { maxLength: 6 }),
        query,
        async (method, parts, tail) => {
          const answer = await ask(`${gateway.url}/api/${parts.join('/')}${tail}`, { method });
          expect(answer.status).toBeLessThan(500);
          if (answer.status >= 400) problemSchema.parse(answer.body);
        },
      ),
      { numRuns: REQUESTS.address },
    );
  });
});
