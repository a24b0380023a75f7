/** The page of the address is asked for at once, so that it comes while the frame around it is made. */
import type { Route, Routes } from '@angular/router';

/** @param pathname of the address */
export function prefetchPage(routes: Routes, pathname: string): void {
  const segments = pathname.split('/').filter(Boolean);
  const route = routes.find(({ path = '' }) => matches(path.split('/').filter(Boolean), segments));
  // The router reports it if the page does not come.
  void loaded(route)?.catch(() => undefined);
}

const matches = (path: readonly string[], segments: readonly string[]): boolean =>
  path.length === segments.length && path.every((part, i) => part.startsWith(':') || part === segments[i]);

const loaded = (route: Route | undefined): Promise<unknown> | undefined =>
  route?.loadComponent && Promise.resolve(route.loadComponent());
