/** What can be said of Dockerfiles and compose.yaml without building them; `npm run test:images` builds and runs them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { render } from '../../tools/chart/helm.ts';
import { installHelm } from '../../tools/install-helm.mjs';
import { projectRoot } from '../../tools/project-root.mjs';
import { parseManifests, podsOf } from '../chart/manifests.ts';
import { readComposeFile, runArguments, withAddresses } from './compose-file.ts';

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8');
const names = readdirSync(join(projectRoot, 'docker'))
  .filter((file) => file.endsWith('.Dockerfile'))
  .map((file) => file.replace('.Dockerfile', ''));
const VARIABLES = { ONEGIN_ADMIN_KEY: 'k'.repeat(32), REDIS_PASSWORD: 'p', S3_SECRET_KEY: 's' };
const compose = () => readComposeFile(join(projectRoot, 'compose.yaml'), VARIABLES);
/** With a tag that names a version, or a digest. */
const PINNED = /:[^/:]*(\d+\.\d+|RELEASE\.\d)[^/:]*$|@sha256:/;

describe.each(names)('docker/%s.Dockerfile', (name) => {
  const text = read('docker', `${name}.Dockerfile`);
  const images = [...text.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!);

  test('starts from build arguments whose defaults are exact tags', () => {
    expect(images.length).toBeGreaterThan(0);
    for (const image of images) {
      const argument = /^\$\{([A-Z]+_IMAGE)\}$/.exec(image)?.[1];
      const found = new RegExp(`^ARG ${argument}=(\\S+)$`, 'm').exec(text)?.[1];
      expect([image, found]).toEqual([image, expect.stringMatching(PINNED)]);
    }
  });

  test('runs as another user than root, with what every builder understands', () => {
    const last = text.slice(text.lastIndexOf('\nFROM '));
    expect(last).toMatch(/^USER 10001:10001$/m);
    expect(text).not.toMatch(/^# syntax|RUN --mount|COPY --(parents|chmod|link)/m);
  });

  test('has the Node that the project pins', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
    const node = /^ARG NODE_IMAGE=node:([\d.]+)/m.exec(text)?.[1];
    if (name !== 'tensorboard') expect(node).toBe(devDependencies.node);
  });
});

describe('compose.yaml', () => {
  test('has a service per Dockerfile, confined as on Kubernetes', () => {
    const services = compose();
    for (const name of names) {
      const { build, image, read_only, cap_drop, security_opt, tmpfs } = services[name]!;
      expect({ build, image, read_only, cap_drop, security_opt, tmpfs }).toEqual({
        build: { context: '.', dockerfile: `docker/${name}.Dockerfile` },
        image: `onegin/${name}:0.1.0`,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        tmpfs: ['/tmp'],
      });
    }
    for (const { image } of Object.values(services)) expect(image).toMatch(PINNED);
  });

  test('sets variables that the services know, and asks for every secret', () => {
    const known = new Set([...read('.env.example').matchAll(/^# ([A-Z0-9_]+)=/gm)].map(([, name]) => name));
    const services = compose();
    for (const name of ['gateway', 'orchestrator', 'plotter', 'trainer', 'trainer-gpu'])
      expect(Object.keys(services[name]!.environment!).filter((key) => !known.has(key))).toEqual([]);
    expect(services['gateway']!.environment).toMatchObject({ AUTH: 'keys', METRICS_ACCESS: 'key' });
    for (const name of Object.keys(VARIABLES))
      expect(() => readComposeFile(join(projectRoot, 'compose.yaml'), { ...VARIABLES, [name]: '' })).toThrow(
        `${name}: set a`,
      );
  });

  test('tells TensorBoard what the chart tells it', async () => {
    const { helm } = await installHelm();
    const manifests = parseManifests(render(helm, { more: ['--set', 'tensorboard.enabled=true'] }));
    const pod = podsOf(manifests).find(({ owner }) => owner.endsWith('tensorboard'))!;
    const [container] = pod.spec.containers as unknown as [{ args: string[]; env: { name: string }[] }];
    const { command, environment } = compose()['tensorboard']!;
    expect([...command!].sort()).toEqual([...container.args].sort());
    const chart = container.env.map(({ name }) => name).filter((name) => name !== 'HOME');
    expect(Object.keys(environment!).sort()).toEqual(chart.sort());
  });
});

test('a service of compose.yaml becomes arguments of docker run', () => {
  const { gateway, trainer } = compose();
  const environment = withAddresses(gateway!.environment!, { 'valkey:6379': '127.0.0.1:7000' });
  expect(environment['REDIS_URL']).toBe('redis://:p@127.0.0.1:7000');
  const args = runArguments(trainer!, { name: 'x', environment: { HEALTH_PORT: '1' } }).join(' ');
  expect(args).toContain(
    '--read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges --volume x-datasets:/data/datasets --shm-size 1gb',
  );
  expect(args).toContain('--env HEALTH_PORT=1');
});
