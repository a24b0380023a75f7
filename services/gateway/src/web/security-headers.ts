/**
 * Security headers of every answer. Pages may run scripts of this gateway only: nothing inline, nothing from elsewhere.
 * Angular adds the styles of its components to the page as elements; they carry a nonce that is unique to the answer
 * (`nonceOf`).
 */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';

const NONCE_BYTES = 16;
/** The style element that Cytoscape adds to a page, without a nonce. */
const CYTOSCAPE_STYLE = '.__________cytoscape_container { position: relative; }';

const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

interface PageLocals {
  nonce?: string;
}

/** The nonce of this answer's styles. */
export const nonceOf = (response: Response): string =>
  ((response.locals as PageLocals).nonce ??= randomBytes(NONCE_BYTES).toString('base64'));

const nonceSource = (_request: IncomingMessage, response: ServerResponse): string =>
  `'nonce-${nonceOf(response as Response)}'`;

const common = {
  // For the proxy that terminates TLS to set; over plain HTTP browsers only complain about them.
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
  // An address may contain the id of a public job, which is all that is needed to view it.
  referrerPolicy: { policy: 'no-referrer' },
} as const;

const pageHeaders = helmet({
  ...common,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      // WASM for the model in the browser.
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      scriptSrcAttr: ["'none'"],
      styleSrc: ["'self'", nonceSource, hashSource(CYTOSCAPE_STYLE)],
      // Attributes only, for the tooltips of ECharts. They cannot load or select anything.
      styleSrcAttr: ["'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", 'data:', 'blob:'],
      workerSrc: ["'self'", 'blob:'],
      manifestSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'self'"],
    },
  },
});

/** For data: a chart or file opened on its own runs nothing and has no origin. */
const dataHeaders = helmet({
  ...common,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      frameAncestors: ["'none'"],
      sandbox: [],
    },
  },
});

export const securityHeaders: RequestHandler = (request, response, next) => {
  const isPage = !request.path.startsWith('/api/') || /^\/api\/docs(?:\/|$)/.test(request.path);
  (isPage ? pageHeaders : dataHeaders)(request, response, next);
};
