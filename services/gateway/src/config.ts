/** What the gateway reads from its environment. */
import { DEFAULT_GATEWAY_PORT } from '@onegin/contracts';
import {
  artifactSettings,
  commonSettings,
  datasetSettings,
  loadConfig,
  setting,
  type ConfigOf,
  type Environment,
} from '@onegin/service-kit';

export const gatewaySettings = {
  host: setting.text(
    'HOST',
    'Address to listen on. Beyond this machine, put something in front that asks who is there.',
    { default: '127.0.0.1' },
  ),
  port: setting.port('PORT', 'Port of API, web UI and live events; 0 takes a free one.', {
    default: String(DEFAULT_GATEWAY_PORT),
  }),
  ...commonSettings,
  ...artifactSettings,
  ...datasetSettings,
  webDir: setting.text(
    'WEB_DIR',
    'Folder of the built web UI; where it is missing, a plain page is served.',
    {
      default: './frontend/dist',
    },
  ),
  allowedOrigins: setting.list(
    'ALLOWED_ORIGINS',
    'Origins of other sites whose pages may call the API, such as https://example.org.',
    { default: '' },
  ),
};

export type GatewayConfig = ConfigOf<typeof gatewaySettings>;

/** @throws OneginError `config-invalid` */
export const readConfig = (environment: Environment = process.env): GatewayConfig =>
  loadConfig(gatewaySettings, environment);
