/** API keys: through a gateway with a key of scope admin, or straight in Redis by the operator. */
import { Option, type Command } from 'commander';
import { scopes, type ApiKey, type MadeApiKey, type NewApiKey, type Scope } from '@onegin/contracts';
import { clientOf, print, withCommonOptions, type CliContext, type CommonOptions } from '../context.ts';
import { seconds } from '../option-values.ts';
import { table, utcMinute } from '../progress/text.ts';

interface KeyOptions extends CommonOptions {
  readonly redis?: boolean;
}

interface CreateOptions extends KeyOptions {
  readonly name: string;
  readonly scope: Scope;
  readonly expires?: number;
  readonly job?: string;
}

/** The same three deeds, wherever they are done. */
interface KeyStore {
  create(key: NewApiKey): Promise<MadeApiKey>;
  list(): Promise<ApiKey[]>;
  revoke(id: string): Promise<ApiKey>;
}

export function addKeys(program: Command, context: CliContext): void {
  const keys = program.command('keys').description('make, list and revoke API keys');
  const create = keys
    .command('create')
    .description('make a key; it is printed once, alone on standard output')
    .requiredOption('--name <text>', 'who or what uses it')
    .addOption(new Option('--scope <scope>', 'what it allows').choices(scopes).default('read'))
    .option('--expires <duration>', 'when it ends by itself, such as 12h or 90d', seconds(1))
    .option('--job <id>', 'it reads this job only, for an embedded view');
  withKeyOptions(create).action((options: CreateOptions) => createKey(options, context));

  const list = keys.command('list').description('list the keys, without their secrets');
  withKeyOptions(list).action((options: KeyOptions) => listKeys(options, context));

  const revoke = keys.command('revoke').description('end a key for good').argument('<id>', 'its id');
  withKeyOptions(revoke).action((id: string, options: KeyOptions) =>
    withStore(options, context, async (store) => {
      const key = await store.revoke(id);
      print(
        context,
        options,
        key,
        `Key ${key.id} (${key.name}) is revoked, with its sessions and connections.`,
      );
    }),
  );
}

const withKeyOptions = (command: Command): Command =>
  withCommonOptions(command).option('--redis', 'straight in the Redis of REDIS_URL, without a gateway');

function createKey(options: CreateOptions, context: CliContext): Promise<void> {
  const { name, scope, expires, job } = options;
  return withStore(options, context, async (store) => {
    const made = await store.create({
      name,
      scope,
      ...(expires !== undefined && { expiresInSeconds: expires }),
      ...(job !== undefined && { jobId: job }),
    });
    print(context, options, made, made.key);
    if (!options.json)
      context.stderr.write(
        `Key ${made.id} (${made.name}): scope ${made.scope}${made.jobId ? `, job ${made.jobId} only` : ''}, ` +
          `${made.expiresAt === null ? 'it does not expire' : `until ${utcMinute(made.expiresAt)}`}. ` +
          'It is shown this once.\n',
      );
  });
}

const listKeys = (options: KeyOptions, context: CliContext): Promise<void> =>
  withStore(options, context, async (store) => {
    const keys = await store.list();
    const rows = keys.map((key) => [
      key.id,
      key.name,
      key.jobId ? `${key.scope} ${key.jobId}` : key.scope,
      stateOf(key),
      utcMinute(key.createdAt),
      key.expiresAt === null ? 'never' : utcMinute(key.expiresAt),
      key.lastUsedAt === null ? 'never' : utcMinute(key.lastUsedAt),
    ]);
    const headings = ['key', 'name', 'scope', 'state', 'made (UTC)', 'expires', 'last used'];
    const empty = 'There are no keys yet. onegin keys create --name NAME --scope run makes one.';
    print(context, options, { keys }, rows.length > 0 ? table(headings, rows) : empty);
  });

const stateOf = ({ revokedAt, expiresAt }: ApiKey): string =>
  revokedAt !== null ? 'revoked' : expiresAt !== null && expiresAt <= Date.now() ? 'expired' : 'good';

async function withStore(
  options: KeyOptions,
  context: CliContext,
  work: (store: KeyStore) => Promise<void>,
): Promise<void> {
  if (!options.redis) return work(throughGateway(options, context));
  // Nobody else of the command line talks to Redis: its client is loaded here only.
  const { ApiKeys, commonSettings, connectRedis, createLogger, loadConfig } =
    await import('@onegin/service-kit');
  const { redisUrl } = loadConfig({ redisUrl: commonSettings.redisUrl }, context.environment);
  const logger = createLogger({ service: 'onegin', level: 'silent' });
  const redis = connectRedis(redisUrl, { name: 'keys', logger });
  try {
    await work(new ApiKeys(redis.failFast));
  } finally {
    redis.close();
  }
}

function throughGateway(options: KeyOptions, context: CliContext): KeyStore {
  const client = clientOf(options, context);
  return {
    create: (key) => client.post('/api/keys', key),
    list: async () => (await client.get<{ keys: ApiKey[] }>('/api/keys')).keys,
    revoke: (id) => client.post(`/api/keys/${encodeURIComponent(id)}/revoke`),
  };
}
