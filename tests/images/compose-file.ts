/** compose.yaml as arguments of `docker run`, on the host's network: what is tested is what compose would start. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface ComposeService {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  readonly user?: string;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly volumes?: readonly string[];
  readonly shm_size?: string;
  readonly profiles?: readonly string[];
  readonly stop_grace_period?: string;
}

/** @throws Error for a variable that must be set and is not */
export function readComposeFile(
  path: string,
  variables: Readonly<Record<string, string>>,
): Record<string, ComposeService> {
  const file = parse(readFileSync(path, 'utf8'), { merge: true }) as unknown;
  const { services } = withVariables(file, variables) as { services: Record<string, ComposeService> };
  return services;
}

function withVariables(node: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof node === 'string') return interpolate(node, variables);
  if (Array.isArray(node)) return node.map((item) => withVariables(item, variables));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, withVariables(value, variables)]),
  );
}

/** `${A}`, `${A:-default}`, `${A:?what is missing}` and `$$`. */
const interpolate = (text: string, variables: Readonly<Record<string, string>>): string =>
  text.replace(
    /\$\$|\$\{([A-Z_0-9]+)(?::([-?])([^}]*))?\}/g,
    (_whole, name?: string, kind?: string, rest = '') => {
      if (name === undefined) return '$';
      const value = variables[name];
      if (value) return value;
      if (kind === '?') throw new Error(`${name}: ${rest}`);
      return kind === '-' ? rest : '';
    },
  );

/** What compose would give its container, but for the network and what `environment` changes. */
export function runArguments(
  service: ComposeService,
  { name, environment }: { name: string; environment: Readonly<Record<string, string>> },
): string[] {
  const args = ['--name', name, '--network', 'host'];
  if (service.read_only) args.push('--read-only');
  if (service.user) args.push('--user', service.user);
  for (const path of service.tmpfs ?? []) args.push('--tmpfs', path);
  for (const capability of service.cap_drop ?? []) args.push('--cap-drop', capability);
  for (const option of service.security_opt ?? []) args.push('--security-opt', option.replace(':true', ''));
  for (const volume of service.volumes ?? []) args.push('--volume', `${name}-${volume}`);
  if (service.shm_size) args.push('--shm-size', service.shm_size);
  for (const [key, value] of Object.entries({ ...service.environment, ...environment }))
    args.push('--env', `${key}=${value}`);
  return args;
}

/** By names instead of addresses, services are found on compose's own network only. */
export const withAddresses = (
  environment: Readonly<Record<string, string>>,
  addresses: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([key, value]) => [
      key,
      Object.entries(addresses).reduce(
        (text, [name, address]) => text.replaceAll(name, address),
        String(value),
      ),
    ]),
  );
