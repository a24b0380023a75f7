import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { errorCodeSchema, optimizationRequestSchema, requestJsonSchema } from '@onegin/contracts';
import { routes } from './routes/index.ts';
import { ask, startTestStack, type Json, type TestGateway, type TestStack } from './testing/test-gateway.ts';

let stack: TestStack;
let gateway: TestGateway;
let document: Json;

beforeAll(async () => {
  stack = await startTestStack();
  gateway = await stack.startGateway();
  document = (await ask(`${gateway.url}/api/openapi.json`)).body;
});

afterAll(() => stack.remove());

describe('the OpenAPI document', () => {
  it('has every route, once, with its parameters', () => {
    const described = Object.entries<Json>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(new Set(routes.map(({ operation }) => operation)).size).toBe(routes.length);
    for (const { path, method } of routes) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const parameters: Json[] = document.paths[path][method].parameters ?? [];
      const told = parameters.filter((p) => p.in === 'path').map((p) => p.name);
      expect([path, told.sort()]).toEqual([path, inPath.sort()]);
    }
  });

  it('has no route that the page for people leaves out', async () => {
    const page = await readFile(join(import.meta.dirname, '../../../docs/http-api.md'), 'utf8');
    for (const { method, path } of routes) expect(page).toContain(`\`${method.toUpperCase()} ${path}\``);
  });

  it('describes the request with defaults, ranges and explanations', () => {
    const { properties, required } = document.components.schemas.OptimizationRequest;
    expect(required).toEqual(['dataset']);
    expect(Object.keys(properties)).toEqual(Object.keys(optimizationRequestSchema.shape));
    expect(properties.trials).toMatchObject({ default: 50, minimum: 1, maximum: 100_000 });
    expect(properties.seed).not.toHaveProperty('default');
    expect(properties.pruner).toEqual(requestJsonSchema().properties['pruner']);
  });

  it('documents problems with codes that exist', () => {
    for (const [path, methods] of Object.entries<Json>(document.paths))
      for (const { responses } of Object.values<Json>(methods))
        for (const [status, { content }] of Object.entries<Json>(responses)) {
          if (Number(status) < 400) continue;
          const { example } = content['application/problem+json'];
          expect([path, example.status]).toEqual([path, Number(status)]);
          expect(errorCodeSchema.safeParse(example.code).success).toBe(true);
        }
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name!);
  });

  it('is rendered by files of this installation only', async () => {
    const page = await ask(`${gateway.url}/api/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const addresses = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, address]) => address!,
    );
    const files = addresses.filter((address) => address.startsWith('/api/docs/'));
    expect(files).toHaveLength(3);
    expect(addresses.filter((address) => /^(https?:)?\/\//.test(address))).toEqual([]);
    for (const file of files) {
      const { status, headers, body } = await ask(gateway.url + file);
      expect([file, status]).toEqual([file, 200]);
      expect(headers.get('content-type')).toMatch(/javascript|css/);
      expect(body.length).toBeGreaterThan(50);
    }
    expect((await ask(`${gateway.url}/api/docs/package.json`)).status).toBe(400);
  });
});
