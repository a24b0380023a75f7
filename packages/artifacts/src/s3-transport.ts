import http from 'node:http';
import https from 'node:https';

/**
 * The S3 client waits forever for a server that says nothing. This transport gives up when none of the
 * connection's bytes moved for `silentMs` before the answer began; reading the answer has no limit here, since
 * a slow reader is no fault of the server.
 */
export function transportFor(protocol: string, silentMs: number): Pick<typeof http, 'request'> {
  const { request } = protocol === 'https:' ? https : http;
  const withLimit = (options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) => {
    const sent = request(options, (response) => {
      sent.setTimeout(0);
      onResponse?.(response);
    });
    sent.setTimeout(silentMs, () => sent.destroy(silence(silentMs)));
    return sent;
  };
  return { request: withLimit as typeof http.request };
}

export const silence = (ms: number): Error =>
  Object.assign(new Error(`no byte came for ${ms / 1000} seconds`), { code: 'ETIMEDOUT' });
