/** Who may call the gateway, and how often. */
import { isLoopback } from '@onegin/contracts';
import type { GatewayConfig } from '../config.ts';

export interface AccessSettings {
  /** Whether keys are required; `open` lets anyone do anything. */
  readonly mode: 'open' | 'keys';
  /**
   * Whether access without keys is meant for this machine only. Requests that came through a proxy are then refused:
   * they may come from anywhere.
   */
  readonly onlyThisMachine: boolean;
  /** A key of scope admin that is not in Redis; null: there is none. */
  readonly adminKey: string | null;
  readonly sessionLifetimeMs: number;
  /** Requests per minute of one key, or of one address without a key; 0: unlimited. */
  readonly requestsPerMinute: number;
  /** How many of these may change something; 0: unlimited. */
  readonly changesPerMinute: number;
  /** Whose `x-forwarded-for` is trusted: addresses, subnets, or `loopback`. */
  readonly trustedProxies: readonly string[];
  /** Host names accepted while the gateway is open, besides addresses and names without a dot. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may frame `/embed/…`. */
  readonly embedOrigins: readonly string[];
  /** Whether `/metrics` needs a key where keys are required. */
  readonly metricsNeedKey: boolean;
}

/** For a single user on a single machine. */
export const openAccess: AccessSettings = {
  mode: 'open',
  onlyThisMachine: true,
  adminKey: null,
  sessionLifetimeMs: 12 * 3_600_000,
  requestsPerMinute: 0,
  changesPerMinute: 0,
  trustedProxies: [],
  allowedHosts: [],
  embedOrigins: [],
  metricsNeedKey: true,
};

/** Keys are required unless only this machine can reach the gateway, or its operator switched them off. */
export function accessSettings(config: GatewayConfig): AccessSettings {
  const { auth, host, sessionLifetimeMs, trustedProxies, embedOrigins } = config;
  const onlyThisMachine = auth === 'auto' && isLoopback(host);
  return {
    mode: auth === 'off' || onlyThisMachine ? 'open' : 'keys',
    onlyThisMachine,
    adminKey: config.adminKey ?? config.adminKeyFromFile ?? null,
    sessionLifetimeMs,
    requestsPerMinute: onlyThisMachine ? 0 : config.rateLimit,
    changesPerMinute: onlyThisMachine ? 0 : config.rateLimitChanges,
    trustedProxies,
    allowedHosts: config.allowedHosts.map((name) => name.toLowerCase()),
    embedOrigins,
    metricsNeedKey: config.metricsAccess === 'key',
  };
}
