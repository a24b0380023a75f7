/** The forms that a setting of the environment can have. All begin as text; each says what it expects. */
import { z } from 'zod';
import { durationMs, parseSiteLink, type SiteLink } from '@onegin/contracts';

/** One environment variable. The default is written as it would stand in the environment. */
export interface Setting<T> {
  readonly env: string;
  readonly description: string;
  /** The form, for people: `a duration such as 30s`. */
  readonly form: string;
  readonly schema: z.ZodType<T, string>;
  readonly default?: string;
  /** May be left out; its value is then undefined. */
  readonly optional: boolean;
  /** Never printed. */
  readonly secret: boolean;
}

export interface SettingOptions {
  readonly default?: string;
  readonly secret?: boolean;
}

/** A setting whose text is turned into a value. @param parse undefined: the text has another form */
function custom<T>(
  env: string,
  description: string,
  form: string,
  parse: (text: string) => T | undefined,
  options: SettingOptions = {},
): Setting<T> {
  const schema = z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `expected ${form}` });
    return z.NEVER;
  });
  const { secret = false, ...rest } = options;
  return { env, description, form, schema, optional: false, secret, ...rest };
}

export const setting = {
  custom,

  text: (env: string, description: string, options?: SettingOptions): Setting<string> =>
    custom(env, description, 'text', (text) => text || undefined, options),

  integer(
    env: string,
    description: string,
    { min, max, ...options }: SettingOptions & { min: number; max: number },
  ): Setting<number> {
    const parse = (text: string): number | undefined => {
      const value = Number(text);
      return /^-?\d+$/.test(text) && value >= min && value <= max ? value : undefined;
    };
    return custom(env, description, `a whole number from ${min} to ${max}`, parse, options);
  },

  port: (env: string, description: string, options: SettingOptions = {}): Setting<number> =>
    setting.integer(env, description, { min: 0, max: 65535, ...options }),

  /** In milliseconds. */
  duration: (env: string, description: string, options?: SettingOptions): Setting<number> =>
    custom(env, description, 'a duration such as 500ms, 30s, 5m, 2h or 7d', durationMs, options),

  flag(env: string, description: string, options?: SettingOptions): Setting<boolean> {
    const parse = (text: string): boolean | undefined =>
      text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined;
    return custom(env, description, 'true or false', parse, options);
  },

  choice<const C extends string>(
    env: string,
    description: string,
    choices: readonly C[],
    options?: SettingOptions,
  ): Setting<C> {
    const parse = (text: string): C | undefined => choices.find((choice) => choice === text);
    return custom(env, description, `one of ${choices.join(', ')}`, parse, options);
  },

  /** A URL of one of the given schemes. */
  url(
    env: string,
    description: string,
    schemes: readonly string[],
    options?: SettingOptions,
  ): Setting<string> {
    const parse = (text: string): string | undefined => {
      const url = URL.parse(text);
      return url && url.hostname && schemes.includes(url.protocol.slice(0, -1)) ? text : undefined;
    };
    return custom(env, description, `an address such as ${schemes[0]}://host:port`, parse, options);
  },

  /** An address that people follow, with what it is called. */
  link: (env: string, description: string, options?: SettingOptions): Setting<SiteLink> =>
    custom(
      env,
      description,
      'an address such as https://example.org, with a name before it if you like',
      parseSiteLink,
      options,
    ),

  /** @param each what the items must be, where they are more than names */
  list(
    env: string,
    description: string,
    options?: SettingOptions,
    each: { form: string; accepts: (item: string) => boolean } = { form: 'names', accepts: () => true },
  ): Setting<string[]> {
    const parse = (text: string): string[] | undefined => {
      const items = text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
      return items.every(each.accepts) ? items : undefined;
    };
    return custom(env, description, `${each.form} separated by commas`, parse, options);
  },

  optional: <T>(inner: Setting<T>): Setting<T | undefined> => ({
    ...inner,
    schema: inner.schema as z.ZodType<T | undefined, string>,
    optional: true,
  }),
};
