import { describe, expect, it } from '@jest/globals';
import type { Routes } from '@angular/router';
import { prefetchPage } from './prefetch-page.ts';

describe('prefetchPage', () => {
  const fetched: string[] = [];
  const page = (name: string) => async (): Promise<never> => {
    fetched.push(name);
    throw new Error('the gateway is unreachable');
  };
  const routes: Routes = [
    { path: '', pathMatch: 'full', redirectTo: 'jobs' },
    { path: 'jobs', loadComponent: page('jobs') },
    { path: 'jobs/:jobId/trials/:number/network', loadComponent: page('network') },
    { path: 'jobs/:jobId', loadComponent: page('job') },
    { path: '**', loadComponent: page('not found') },
  ];

  it.each([
    ['/jobs', ['jobs']],
    ['/jobs/abc/', ['job']],
    ['/jobs/abc/trials/3/network', ['network']],
    ['/', []],
    ['/nowhere/at/all', []],
  ])('%s: asks for %j, and is quiet when it does not come', async (pathname, expected) => {
    fetched.length = 0;
    prefetchPage(routes, pathname);
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(fetched).toEqual(expected);
  });
});
