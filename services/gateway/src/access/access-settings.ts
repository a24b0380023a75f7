/** Who may call the gateway, and how often. */
import { isLoopback } from '@onegin/contracts';
import type { GatewayConfig } from '../config.ts';

export interface AccessSettings {
  /** Whether keys are asked for; `open` lets everybody do everything. */
  readonly mode: 'open' | 'keys';
  /**
   * Whether only this machine was meant to be let in without keys. Then a request that came through a proxy is
   * refused: it may come from anywhere.
   */
  readonly onlyThisMachine: boolean;
  /** A key of scope admin that is not in Redis; null: there is none. */
  readonly adminKey: string | null;
  readonly sessionLifetimeMs: number;
  /** Requests a minute of one key, or of one address without a key; 0: unbounded. */
  readonly requestsPerMinute: number;
  /** Of these, how many may change something; 0: unbounded. */
  readonly changesPerMinute: number;
  /** Whose word on the caller's address and scheme is taken: addresses, subnets, or `loopback`. */
  readonly trustedProxies: readonly string[];
  /** Names under which the gateway is reached while it is open, besides addresses and names without a dot. */
  readonly allowedHosts: readonly string[];
  /** Origins whose pages may frame `/embed/…`. */
  readonly embedOrigins: readonly string[];
  /** Whether `/metrics` needs a key where keys are asked for. */
  readonly metricsNeedKey: boolean;
}

/** On one machine, for the one who works there. */
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
