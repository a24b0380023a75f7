/** Onegin's only request to a Kubernetes API server: annotating a pod of its own namespace. */
import { readFile } from 'node:fs/promises';
import { request, type RequestOptions } from 'node:https';
import path from 'node:path';

export interface ApiServer {
  readonly host: string;
  readonly port: number;
  readonly namespace: string;
  /** Folder with `token` and `ca.crt`, as Kubernetes mounts them; the token changes about every hour. */
  readonly credentialsDir: string;
}

export type Annotate = (pod: string, annotations: Readonly<Record<string, string>>) => Promise<void>;

const TIMEOUT_MS = 10_000;

/** @returns sets annotations of a pod; a missing pod is not an error. */
export function podAnnotator({ host, port, namespace, credentialsDir }: ApiServer): Annotate {
  return async (pod, annotations) => {
    const [token, ca] = await Promise.all([
      readFile(path.join(credentialsDir, 'token'), 'utf8'),
      readFile(path.join(credentialsDir, 'ca.crt')),
    ]);
    const body = JSON.stringify({ metadata: { annotations } });
    const status = await send(
      {
        host,
        port,
        ca,
        method: 'PATCH',
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`,
        headers: {
          authorization: `Bearer ${token.trim()}`,
          'content-type': 'application/merge-patch+json',
          'content-length': Buffer.byteLength(body),
        },
        timeout: TIMEOUT_MS,
      },
      body,
    );
    if (status >= 300 && status !== 404)
      throw new Error(`the API server answered ${status} to annotations of pod ${pod}`);
  };
}

function send(options: RequestOptions, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(options, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode ?? 0));
      answer.once('error', reject);
    });
    asking.once('timeout', () => asking.destroy(new Error('the API server does not answer')));
    asking.once('error', reject);
    asking.end(body);
  });
}
