/** The secrets that this process was configured with, so that no log line shows one, whatever brings it there. */

/** Shorter ones are no secrets, and would be found in half of all words. */
const SHORTEST = 6;

const known = new Set<string>();

/** As it stands, and in the forms in which addresses and JSON write it. */
export function keepSecret(value: string): void {
  if (value.length < SHORTEST) return;
  for (const form of [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)]) known.add(form);
}

/** The password inside an address, if there is one. */
export function keepPasswordOf(text: string): void {
  const password = URL.parse(text)?.password;
  if (!password) return;
  keepSecret(password);
  keepSecret(decodeURIComponent(password));
}

export function withoutKnownSecrets(text: string): string {
  let safe = text;
  for (const secret of known) if (safe.includes(secret)) safe = safe.replaceAll(secret, '***');
  return safe;
}
