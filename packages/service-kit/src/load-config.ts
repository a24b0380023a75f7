/**
 * Turns the environment into a service's configuration. All wrong variables are reported at once, each with the
 * form it should have. Only a service's config.ts calls this.
 */
import { OneginError, type FieldProblem } from '@onegin/contracts';
import { withoutPassword } from './logger.ts';
import { keepPasswordOf, keepSecret } from './known-secrets.ts';
import type { Setting } from './setting.ts';

export type Settings = Readonly<Record<string, Setting<unknown>>>;

export type ConfigOf<S extends Settings> = {
  readonly [K in keyof S]: S[K] extends Setting<infer T> ? T : never;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * An empty variable counts as absent, as shells and compose files can't leave one out.
 * @throws OneginError `config-invalid`
 */
export function loadConfig<S extends Settings>(settings: S, environment: Environment): ConfigOf<S> {
  const config: Record<string, unknown> = {};
  const problems: FieldProblem[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    const text = environment[setting.env] || setting.default;
    if (text === undefined) {
      if (!setting.optional)
        problems.push({ field: setting.env, expected: `expected ${setting.form}`, found: 'nothing' });
      continue;
    }
    const result = setting.schema.safeParse(text);
    if (result.success) {
      config[name] = result.data;
      if (setting.secret) keepSecret(text);
      keepPasswordOf(text);
    } else
      problems.push({
        field: setting.env,
        expected: `expected ${setting.form}`,
        found: setting.secret ? 'a secret of another form' : JSON.stringify(withoutPassword(text)),
      });
  }
  if (problems.length > 0)
    throw new OneginError(
      'config-invalid',
      `the environment is not valid:\n${problems.map((p) => `  ${p.field}: ${p.expected}, found ${p.found}`).join('\n')}`,
      { problems },
    );
  return config as ConfigOf<S>;
}

/** A section of .env.example: one variable each, with what it does, its form, and its default. */
export function describeSettings(title: string, settings: Settings): string {
  const variables = Object.values(settings).map(({ env, description, form, secret, ...setting }) => {
    const value = secret ? '' : (setting.default ?? '');
    const kind = setting.default === undefined && !setting.optional ? `${form}; required` : form;
    return `# ${description}\n# ${kind[0]!.toUpperCase()}${kind.slice(1)}.\n# ${env}=${value}`;
  });
  return [`# --- ${title} ---`, ...variables].join('\n\n');
}
