/** What the gateway reads from its environment. */
import { readFileSync } from 'node:fs';
import proxyAddr from 'proxy-addr';
import { DEFAULT_GATEWAY_PORT, type Site } from '@onegin/contracts';
import {
  artifactSettings,
  commonSettings,
  datasetSettings,
  keepSecret,
  loadConfig,
  setting,
  type ConfigOf,
  type Environment,
} from '@onegin/service-kit';

/** A shorter one could be guessed, by a program if not by a person. */
const ADMIN_KEY = 'at least 32 characters without spaces';
const adminKeyOf = (text: string): string | undefined => (/^\S{32,}$/.test(text) ? text : undefined);

function adminKeyIn(path: string): string | undefined {
  try {
    const key = adminKeyOf(readFileSync(path, 'utf8').trim());
    if (key !== undefined) keepSecret(key);
    return key;
  } catch {
    return undefined;
  }
}

/** They become parts of headers, and are compared as browsers write them. */
const origins = {
  form: 'origins such as https://example.org, without a path,',
  accepts: (text: string): boolean => URL.parse(text)?.origin === text,
};

const proxies = {
  form: 'addresses, subnets such as 10.0.0.0/8, or loopback, linklocal, uniquelocal,',
  accepts(text: string): boolean {
    try {
      proxyAddr.compile(text);
      return true;
    } catch {
      return false;
    }
  },
};

export const gatewaySettings = {
  host: setting.text('HOST', 'Address to listen on. API keys are required unless it is loopback (AUTH).', {
    default: '127.0.0.1',
  }),
  port: setting.port('PORT', 'Port of API, web UI and live events; 0 takes a free one.', {
    default: String(DEFAULT_GATEWAY_PORT),
  }),
  ...commonSettings,
  ...artifactSettings,
  ...datasetSettings,
  webDir: setting.text('WEB_DIR', 'Folder of the built web UI; if it is missing, a plain page is served.', {
    default: './frontend/dist',
  }),
  allowedOrigins: setting.list(
    'ALLOWED_ORIGINS',
    'Origins of other sites whose pages may call the API with a key.',
    { default: '' },
    origins,
  ),
  auth: setting.choice(
    'AUTH',
    'Who needs a key: auto, everyone unless HOST is loopback; keys, everyone; off, no one, at your own risk.',
    ['auto', 'keys', 'off'],
    { default: 'auto' },
  ),
  adminKey: setting.optional(
    setting.custom(
      'ONEGIN_ADMIN_KEY',
      'A key of scope admin, which can create other keys.',
      ADMIN_KEY,
      adminKeyOf,
      { secret: true },
    ),
  ),
  adminKeyFromFile: setting.optional(
    setting.custom(
      'ONEGIN_ADMIN_KEY_FILE',
      'File with that key, instead of the variable.',
      `a readable file with ${ADMIN_KEY}`,
      adminKeyIn,
    ),
  ),
  sessionLifetimeMs: setting.duration('SESSION_LIFETIME', 'How long a sign-in to the web UI lasts.', {
    default: '12h',
  }),
  rateLimit: setting.integer(
    'RATE_LIMIT',
    'Requests per minute of one key, or of one address without a key; 0: unlimited, as on open loopback.',
    { min: 0, max: 1_000_000, default: '3000' },
  ),
  rateLimitChanges: setting.integer(
    'RATE_LIMIT_CHANGES',
    'How many of these may change something, such as starting a job; 0: unlimited.',
    { min: 0, max: 1_000_000, default: '120' },
  ),
  trustedProxies: setting.list(
    'TRUSTED_PROXIES',
    'Proxies whose x-forwarded-for is trusted.',
    { default: '' },
    proxies,
  ),
  allowedHosts: setting.list(
    'ALLOWED_HOSTS',
    'Host names with a dot that a gateway without keys accepts, such as onegin.example.org.',
    { default: '' },
  ),
  embedOrigins: setting.list(
    'EMBED_ORIGINS',
    'Origins of sites that may show /embed/… in a frame.',
    { default: '' },
    origins,
  ),
  personalPage: setting.optional(
    setting.link('PERSONAL_PAGE', 'A link at the foot of the web UI: whose installation this is.'),
  ),
  companyPage: setting.optional(
    setting.link('COMPANY_PAGE', 'A link at the foot of the web UI: the company behind it.'),
  ),
  licencePage: setting.optional(
    setting.link(
      'LICENCE_PAGE',
      'A link at the foot of the web UI, instead of the MIT licence that comes with it.',
    ),
  ),
  repository: setting.optional(
    setting.link('REPOSITORY', 'A link at the foot of the web UI: the source code.'),
  ),
  tensorboard: setting.optional(
    setting.url(
      'TENSORBOARD',
      'Address of a TensorBoard on optimization_results/ of the artifacts; jobs and trials link to it.',
      ['http', 'https'],
    ),
  ),
  metricsAccess: setting.choice(
    'METRICS_ACCESS',
    'Whether /metrics needs a key of scope read where keys are required, or is open to anyone who can reach it.',
    ['key', 'open'],
    { default: 'key' },
  ),
};

export type GatewayConfig = ConfigOf<typeof gatewaySettings>;

/** @throws OneginError `config-invalid` */
export const gatewayConfig = (environment: Environment = process.env): GatewayConfig =>
  loadConfig(gatewaySettings, environment);

/** What the web UI says about this installation. */
export const siteOf = (config: GatewayConfig): Site => ({
  personalPage: config.personalPage ?? null,
  companyPage: config.companyPage ?? null,
  licence: config.licencePage ?? null,
  repository: config.repository ?? null,
  tensorboard: config.tensorboard ?? null,
});
