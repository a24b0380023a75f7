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

const make = <T>(
  env: string,
  description: string,
  form: string,
  schema: z.ZodType<T, string>,
  options: SettingOptions,
): Setting<T> => ({
  env,
  description,
  form,
  schema,
  ...(options.default !== undefined && { default: options.default }),
  optional: false,
  secret: options.secret ?? false,
});

/** Text that passes a test and is turned into a value; the message is the form. */
const parsed = <T>(form: string, parse: (text: string) => T | undefined): z.ZodType<T, string> =>
  z.string().transform((text, context) => {
    const value = parse(text);
    if (value === undefined) {
      context.addIssue({ code: 'custom', message: `expected ${form}` });
      return z.NEVER;
    }
    return value;
  });

const form = <T>(words: string, parse: (text: string) => T | undefined) => ({
  words,
  schema: parsed(words, parse),
});

export const setting = {
  text: (env: string, description: string, options: SettingOptions = {}): Setting<string> =>
    make(env, description, 'text', z.string().min(1), options),

  integer(
    env: string,
    description: string,
    { min, max, ...options }: SettingOptions & { min: number; max: number },
  ): Setting<number> {
    const { words, schema } = form(`a whole number from ${min} to ${max}`, (text) => {
      const value = Number(text);
      return /^-?\d+$/.test(text) && value >= min && value <= max ? value : undefined;
    });
    return make(env, description, words, schema, options);
  },

  port: (env: string, description: string, options: SettingOptions = {}): Setting<number> =>
    setting.integer(env, description, { min: 0, max: 65535, ...options }),

  /** In milliseconds. */
  duration(env: string, description: string, options: SettingOptions = {}): Setting<number> {
    const { words, schema } = form('a duration such as 500ms, 30s, 5m, 2h or 7d', durationMs);
    return make(env, description, words, schema, options);
  },

  flag(env: string, description: string, options: SettingOptions = {}): Setting<boolean> {
    const { words, schema } = form('true or false', (text) =>
      text === 'true' || text === '1' ? true : text === 'false' || text === '0' ? false : undefined,
    );
    return make(env, description, words, schema, options);
  },

  choice<const C extends string>(
    env: string,
    description: string,
    choices: readonly C[],
    options: SettingOptions = {},
  ): Setting<C> {
    const { words, schema } = form(`one of ${choices.join(', ')}`, (text) =>
      choices.find((choice) => choice === text),
    );
    return make(env, description, words, schema, options);
  },

  /** A URL of one of the given schemes. */
  url(
    env: string,
    description: string,
    schemes: readonly string[],
    options: SettingOptions = {},
  ): Setting<string> {
    const { words, schema } = form(`an address such as ${schemes[0]}://host:port`, (text) => {
      const url = URL.parse(text);
      return url && url.hostname && schemes.includes(url.protocol.slice(0, -1)) ? text : undefined;
    });
    return make(env, description, words, schema, options);
  },

  /** An address that people follow, with what it is called. */
  link(env: string, description: string, options: SettingOptions = {}): Setting<SiteLink> {
    const { words, schema } = form(
      'an address such as https://example.org, with a name before it if you like',
      parseSiteLink,
    );
    return make(env, description, words, schema, options);
  },

  list(env: string, description: string, options: SettingOptions = {}): Setting<string[]> {
    const { words, schema } = form('names separated by commas', (text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
    return make(env, description, words, schema, options);
  },

  optional: <T>(inner: Setting<T>): Setting<T | undefined> => ({
    ...inner,
    schema: inner.schema as z.ZodType<T | undefined, string>,
    optional: true,
  }),
};
