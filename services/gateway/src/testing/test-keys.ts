/** Keys for specs. */
import type { MadeApiKey, NewApiKey, Scope } from '@onegin/contracts';
import { ApiKeys } from '@onegin/service-kit';
import type { TestStack } from './test-gateway.ts';

export class TestKeys {
  readonly store: ApiKeys;

  constructor({ redis }: Pick<TestStack, 'redis'>) {
    this.store = new ApiKeys(redis.blocking);
  }

  make(scope: Scope, more: Partial<NewApiKey> = {}): Promise<MadeApiKey> {
    return this.store.create({ name: `a key to ${scope}`, scope, ...more });
  }

  /** One that ended an hour ago. */
  async expired(scope: Scope): Promise<MadeApiKey> {
    const anHour = 3600;
    return this.store.create(
      { name: 'an old key', scope, expiresInSeconds: anHour },
      Date.now() - 2 * anHour * 1000,
    );
  }

  async revoked(scope: Scope): Promise<MadeApiKey> {
    const made = await this.make(scope);
    await this.store.revoke(made.id);
    return made;
  }
}

export const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

/** The session cookie as a browser would send it back. */
export function cookieOf(headers: Headers): string {
  const [set = ''] = headers.getSetCookie();
  return set.split(';')[0] ?? '';
}
