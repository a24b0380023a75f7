/** What programs and people send by mistake, or on purpose. */
import fc from 'fast-check';
import { modelParameterNames, optimizationRequestSchema } from '@onegin/contracts';

/** Values that programs and people get wrong. */
export const odd = fc.oneof(
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

/** Bodies of POST /api/optimize. */
export const body = fc.oneof(
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

/** JSON with a few bytes changed. */
export const brokenJson = fc
  .tuple(body, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }))
  .map(([value, changes]) => {
    const bytes = Buffer.from(JSON.stringify(value));
    for (const [place, byte] of changes) if (bytes.length > 0) bytes[place % bytes.length] = byte;
    return bytes;
  });

/** Paths below /api, and what may follow them. @param jobId of a job that exists */
export const address = (jobId: string): fc.Arbitrary<{ method: string; path: string }> => {
  const part = fc.oneof(
    fc.constantFrom('jobs', 'trials', 'plots', 'download', jobId, '0', '-1', '99999999999999999999', '..'),
    fc.constantFrom('%00', '%2e%2e%2f', 'a.svg', 'loss.png', '.svg', '%E0%A4%A', '*', '__proto__'),
    fc.string().map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const query = fc.oneof(
    fc.constantFrom('', '?limit=1', '?limit=-1', '?after=x', '?from[]=1', '?status=running&status=x'),
    fc.constant('?__proto__=1'),
    fc.string().map((text) => `?limit=${encodeURIComponent(text.toWellFormed())}`),
  );
  return fc
    .tuple(fc.constantFrom('GET', 'POST', 'PUT', 'OPTIONS'), fc.array(part, { maxLength: 6 }), query)
    .map(([method, parts, tail]) => ({ method, path: `/api/${parts.join('/')}${tail}` }));
};

const header = fc.constantFrom(
  'content-type: application/json',
  'content-length: -1',
  'content-length: 5',
  'content-length: 99999999999999999999',
  'transfer-encoding: chunked',
  'expect: 100-continue',
  'upgrade: websocket',
  'connection: upgrade',
  'range: bytes=-1',
  'host: ',
  'cookie: onegin=\u0001',
  'accept-encoding: br;q=nan',
  'x: \u0000',
);

/** Bytes of a connection: a malformed request, or noise. */
export const rawBytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(
      fc.constantFrom('GET', 'POST', 'PRI', 'get', '\u0000', 'OPTIONS'),
      fc.constantFrom('/api/jobs', '/api/optimize', '/', '*', '//', '/socket.io/?EIO=4&transport=websocket'),
      fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/2', 'HTTP/9.9', ''),
      fc.array(header, { maxLength: 4 }),
      fc.uint8Array({ maxLength: 60 }),
    )
    .map(([method, path, version, headers, bytes]) =>
      Buffer.concat([
        Buffer.from([`${method} ${path} ${version}`, 'host: a', ...headers, '', ''].join('\r\n')),
        Buffer.from(bytes),
      ]),
    ),
);

/** Socket.IO packets as text: wrong kinds, wrong arguments, wrong JSON. */
export const packet = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('watchJob', 'unwatchJob', 'watchOverview', '__proto__', 'disconnect', ''),
      odd,
      odd,
    )
    .map(([name, ...args]) => `42${JSON.stringify([name, ...args])}`),
  fc
    .tuple(fc.nat(99), fc.constantFrom('watchJob', 'watchOverview', 'error'), odd)
    .map(([id, name, argument]) => `42${id}${JSON.stringify([name, argument])}`),
  fc.string({ maxLength: 50 }).map((text) => `4${text}`),
  fc.string({ maxLength: 50 }),
);
