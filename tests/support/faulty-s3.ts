/**
 * Stands between the services and a real S3 server, and misbehaves when it is told to: breaks connections, says
 * nothing, answers that something is wrong, or takes its time. Requests pass on unchanged, so signatures hold.
 */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export type S3Behaviour = 'pass' | 'break' | 'silent' | 'error' | 'slow';

const SLOW_MS = 1500;
const ERROR_BODY =
  '<?xml version="1.0"?><Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>';

export class FaultyS3 {
  behaviour: S3Behaviour = 'pass';
  readonly #server: http.Server;
  readonly #target: URL;

  private constructor(target: string) {
    this.#target = new URL(target);
    this.#server = http.createServer((request, response) => this.#serve(request, response));
  }

  /** @param target address of the real server */
  static async start(target: string): Promise<FaultyS3> {
    const proxy = new FaultyS3(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What hangs in silence is let go when it changes. */
  behave(behaviour: S3Behaviour): void {
    this.behaviour = behaviour;
    if (behaviour !== 'slow') this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    switch (this.behaviour) {
      case 'break':
        request.socket.destroy();
        return;
      case 'silent':
        request.resume();
        return;
      case 'error':
        request.resume();
        request.once('end', () =>
          response.writeHead(500, { 'content-type': 'application/xml' }).end(ERROR_BODY),
        );
        return;
      case 'slow':
        setTimeout(() => this.#pass(request, response), SLOW_MS);
        return;
      case 'pass':
        this.#pass(request, response);
    }
  }

  #pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { hostname, port } = this.#target;
    const { method, url, headers } = request;
    // The host header is signed: it stays the one that the client knows.
    const passed = http.request({ hostname, port, method, path: url, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    passed.once('error', () => response.destroy());
    response.once('close', () => passed.destroy());
    request.pipe(passed);
  }
}
