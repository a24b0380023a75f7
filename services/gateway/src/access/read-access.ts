/** From what the environment says to how the gateway guards itself. */
import { readFileSync } from 'node:fs';
import proxyAddr from 'proxy-addr';
import { isLoopback, OneginError, type FieldProblem } from '@onegin/contracts';
import type { AccessSettings } from './access-settings.ts';

/** As `config.ts` reads it. */
export interface AccessConfig {
  readonly host: string;
  readonly auth: 'auto' | 'keys' | 'off';
  readonly adminKey?: string | undefined;
  readonly adminKeyFile?: string | undefined;
  readonly sessionLifetimeMs: number;
  readonly rateLimit: number;
  readonly rateLimitChanges: number;
  readonly trustedProxies: readonly string[];
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly embedOrigins: readonly string[];
  readonly metricsAccess: 'key' | 'open';
}

/** A shorter one could be guessed, by a program if not by a person. */
const SHORTEST_ADMIN_KEY = 32;

/** @throws OneginError `config-invalid`, naming every wrong variable */
export function accessSettings(config: AccessConfig): AccessSettings {
  const problems = [
    ...originProblems('ALLOWED_ORIGINS', config.allowedOrigins),
    ...originProblems('EMBED_ORIGINS', config.embedOrigins),
    ...proxyProblems(config.trustedProxies),
  ];
  const adminKey = adminKeyOf(config, problems);
  if (problems.length > 0) {
    const lines = problems.map(({ field, expected, found }) => `  ${field}: ${expected}, found ${found}`);
    throw new OneginError('config-invalid', `the environment is not valid:\n${lines.join('\n')}`, {
      problems,
    });
  }
  const onlyThisMachine = config.auth === 'auto' && isLoopback(config.host);
  return {
    mode: config.auth === 'off' || onlyThisMachine ? 'open' : 'keys',
    onlyThisMachine,
    adminKey,
    sessionLifetimeMs: config.sessionLifetimeMs,
    requestsPerMinute: onlyThisMachine ? 0 : config.rateLimit,
    changesPerMinute: onlyThisMachine ? 0 : config.rateLimitChanges,
    trustedProxies: config.trustedProxies,
    allowedHosts: config.allowedHosts.map((name) => name.toLowerCase()),
    embedOrigins: config.embedOrigins,
    metricsNeedKey: config.metricsAccess === 'key',
  };
}

function adminKeyOf({ adminKey, adminKeyFile }: AccessConfig, problems: FieldProblem[]): string | null {
  const field = adminKey === undefined ? 'ONEGIN_ADMIN_KEY_FILE' : 'ONEGIN_ADMIN_KEY';
  const text = adminKey ?? (adminKeyFile === undefined ? undefined : fileText(adminKeyFile, problems));
  if (text === undefined) return null;
  if (text.length < SHORTEST_ADMIN_KEY || /\s/.test(text))
    problems.push({
      field,
      expected: `expected at least ${SHORTEST_ADMIN_KEY} characters without spaces`,
      found: 'a secret of another form',
    });
  return text;
}

function fileText(path: string, problems: FieldProblem[]): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    problems.push({
      field: 'ONEGIN_ADMIN_KEY_FILE',
      expected: 'expected a file that can be read',
      found: `${path} (${code ?? 'unreadable'})`,
    });
    return undefined;
  }
}

/** They become parts of headers, and are compared as browsers write them. */
function originProblems(field: string, origins: readonly string[]): FieldProblem[] {
  return origins
    .filter((origin) => URL.parse(origin)?.origin !== origin)
    .map((origin) => ({
      field,
      expected: 'expected origins such as https://example.org, without a path',
      found: JSON.stringify(origin),
    }));
}

function proxyProblems(proxies: readonly string[]): FieldProblem[] {
  return proxies
    .filter((proxy) => !isProxy(proxy))
    .map((proxy) => ({
      field: 'TRUSTED_PROXIES',
      expected: 'expected addresses, subnets such as 10.0.0.0/8, or loopback, linklocal, uniquelocal',
      found: JSON.stringify(proxy),
    }));
}

function isProxy(text: string): boolean {
  try {
    proxyAddr.compile(text);
    return true;
  } catch {
    return false;
  }
}
