/** The built web UI; where it has not been built, a page that says so and where to go. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import expressStaticGzip from 'express-static-gzip';
import { Router, type RequestHandler } from 'express';

const PLAIN_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Onegin</title>
    <link rel="icon" href="data:,">
    <style>
      :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
      body { margin: 12vh auto; padding: 0 1.5rem; max-width: 38rem; }
      h1 { font-weight: 600; margin-bottom: 0; }
      code { font-family: ui-monospace, monospace; }
    </style>
  </head>
  <body>
    <h1>Onegin</h1>
    <p>The API is running. The web UI has not been built on this machine.</p>
    <ul>
      <li><a href="/api/docs">The API, documented</a></li>
      <li><a href="/api/jobs">Jobs</a></li>
      <li><a href="/api/datasets">Datasets</a></li>
    </ul>
    <p>A first study on the command line: <code>npx onegin optimize --dataset mnist-10k --trials 6 --epochs 3</code></p>
  </body>
</html>
`;

/** Builds hash the names of these files, so their content never changes. */
const HASHED = /[.-][A-Za-z0-9_-]{8,}\.(?:js|css|woff2|wasm|svg|png)(?:\.br|\.gz)?$/;

/** @param directory where the build lies; null: there is none */
export function webUi(directory: string | null): Router {
  const router = Router();
  if (directory === null) {
    router.get('/', (_request, response) => {
      response.set('cache-control', 'no-cache').type('html').send(PLAIN_PAGE);
    });
    return router;
  }
  router.use(
    // The build lays a compressed twin beside each file; who can read it gets that.
    expressStaticGzip(directory, {
      enableBrotli: true,
      orderPreference: ['br', 'gzip'],
      index: false,
      serveStatic: {
        index: false,
        redirect: false,
        setHeaders: (response, path) => {
          response.setHeader(
            'cache-control',
            HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
          );
        },
      },
    }) as RequestHandler,
  );
  router.get(/.*/, sendIndex(directory));
  return router;
}

/** Addresses inside the UI are its own affair: they all begin with its first page. */
function sendIndex(directory: string): RequestHandler {
  const root = resolve(directory);
  return (request, response, next) => {
    if (/\.\w+$/.test(request.path) || !request.accepts('html')) return next();
    // The embedded view is made to stand in pages of other sites.
    if (request.path.startsWith('/embed/')) allowFrames(response.getHeader('content-security-policy'));
    response.set('cache-control', 'no-cache').sendFile('index.html', { root, cacheControl: false });

    function allowFrames(policy: unknown): void {
      response.set(
        'content-security-policy',
        String(policy).replace(/frame-ancestors [^;]*/, 'frame-ancestors *'),
      );
      response.removeHeader('x-frame-options');
    }
  };
}

/** The folder with index.html: the directory itself, or where Angular puts it below. */
export function findWebUi(directory: string): string | null {
  const places = [directory, join(directory, 'browser'), join(directory, 'onegin', 'browser')];
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null;
}
