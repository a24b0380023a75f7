/**
 * The cookie of the web UI. Scripts cannot read it, and other sites' pages cannot send it. Over https it has the prefix
 * `__Host-`: browsers then reject one set by another host or by a page without https.
 */
import { parseCookie, stringifySetCookie } from 'cookie';

const NAME = 'onegin_session';
const SECURE_NAME = `__Host-${NAME}`;

const TOKEN_FORM = /^[A-Za-z0-9_-]{43}$/;

/** The token in the header; null: none, or a malformed one. */
export function sessionTokenOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  const cookies = parseCookie(header);
  const token = cookies[SECURE_NAME] ?? cookies[NAME];
  return token !== undefined && TOKEN_FORM.test(token) ? token : null;
}

/** A `set-cookie` header. @param maxAgeSeconds 0 removes the cookie */
export const sessionCookie = (token: string, secure: boolean, maxAgeSeconds: number): string =>
  stringifySetCookie({
    name: secure ? SECURE_NAME : NAME,
    value: token,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: maxAgeSeconds,
  });
