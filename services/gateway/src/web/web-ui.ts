/** The built web UI, or a page that says that it has not been built. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import expressStaticGzip from 'express-static-gzip';
import { Router, type RequestHandler, type Response } from 'express';
import { nonceOf } from './security-headers.ts';

const plainPage = (nonce: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Onegin</title>
    <link rel="icon" href="data:,">
    <style nonce="${nonce}">
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

/**
 * Scripts, styles and fonts don't need a page's long policy, which would be a tenth of what the first page fetches.
 * Workers take their policy from their own file, and may use the files here.
 */
const FILE_POLICY = "default-src 'self'";

/**
 * @param directory of the build; null: there is none
 * @param embedOrigins origins whose pages may frame `/embed/…`, `https://example.org`
 */
export function webUi(directory: string | null, embedOrigins: readonly string[]): Router {
  const router = Router();
  if (directory === null) {
    router.get('/', (_request, response) => {
      response
        .set('cache-control', 'no-store')
        .type('html')
        .send(plainPage(nonceOf(response)));
    });
    return router;
  }
  // The file itself has no nonce.
  router.get('/index.html', (_request, response) => response.redirect('/'));
  router.use(
    // The build puts compressed versions beside each file.
    expressStaticGzip(directory, {
      enableBrotli: true,
      orderPreference: ['br', 'gzip'],
      index: false,
      serveStatic: {
        index: false,
        redirect: false,
        setHeaders: (response, path) => {
          response.setHeader('content-security-policy', FILE_POLICY);
          response.setHeader(
            'cache-control',
            HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
          );
        },
      },
    }) as RequestHandler,
  );
  router.get(/.*/, sendIndex(directory, embedOrigins));
  return router;
}

/** Paths inside the UI are resolved by its router: all get the same page. */
function sendIndex(directory: string, embedOrigins: readonly string[]): RequestHandler {
  return async (request, response, next) => {
    if (/\.\w+$/.test(request.path) || !request.accepts('html')) return next();
    // The embedded view is meant for frames in pages of other sites.
    if (/^\/embed(?:\/|$)/.test(request.path)) allowFrames(response, embedOrigins);
    const page = await readFile(join(directory, 'index.html'), 'utf8');
    // The nonce is valid for this answer only.
    response
      .set('cache-control', 'no-store')
      .type('html')
      .send(withNonce(page, nonceOf(response)));
  };
}

function allowFrames(response: Response, origins: readonly string[]): void {
  const policy = String(response.getHeader('content-security-policy'));
  response.set(
    'content-security-policy',
    policy.replace(/frame-ancestors [^;]*/, ["frame-ancestors 'self'", ...origins].join(' ')),
  );
  // This header cannot list origins; browsers that support the policy above ignore it.
  if (origins.length > 0) response.removeHeader('x-frame-options');
}

/** Adds the nonce where Angular looks for it, on its root component, and to the styles in the page. */
export const withNonce = (page: string, nonce: string): string =>
  page
    .replaceAll(/\sngCspNonce(?:="[^"]*")?/gi, '')
    .replace(/<(?=[a-z]+-[a-z-]+[\s>])([a-z-]+)/, `<$1 ngCspNonce="${nonce}"`)
    .replaceAll(/<style(?=[\s>])/g, `<style nonce="${nonce}"`);

/** The folder with index.html: the directory itself, or where Angular builds it below. */
export function findWebUi(directory: string): string | null {
  const places = [directory, join(directory, 'browser'), join(directory, 'onegin', 'browser')];
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null;
}
