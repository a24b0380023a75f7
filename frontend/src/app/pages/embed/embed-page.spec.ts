import { provideHttpClient } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { provideIcons } from '../../parts/icon/provide-icons.ts';
import { LiveConnection, type JobWatcher } from '../../live/live-connection.ts';
import { EmbedPage } from './embed-page.ts';

async function page() {
  const isLost = signal(false);
  const watchers: JobWatcher[] = [];
  const live = {
    isLost,
    retry: () => undefined,
    watchJob: (watcher: JobWatcher) => {
      watchers.push(watcher);
      return () => undefined;
    },
  };
  TestBed.configureTestingModule({
    providers: [provideHttpClient(), provideIcons(), { provide: LiveConnection, useValue: live }],
  });
  const fixture = TestBed.createComponent(EmbedPage);
  fixture.componentRef.setInput('jobId', 'job-000001');
  await fixture.whenStable();
  return { fixture, element: fixture.nativeElement as HTMLElement, watchers, isLost };
}

describe('an embedded study (4.11)', () => {
  it('watches its job, waits in its own shape, and says why it is not shown', async () => {
    const { fixture, element, watchers } = await page();
    expect(watchers.map(({ jobId }) => jobId)).toEqual(['job-000001']);
    expect(element.querySelectorAll('.skeleton')).toHaveLength(3);
    watchers[0]!.refused({
      type: '/api/errors/job-unknown',
      title: 'There is no such job',
      status: 404,
      detail: 'there is no job job-000001',
      code: 'job-unknown',
      instance: '/embed',
    });
    await fixture.whenStable();
    expect(element.querySelector('[role=alert]')?.textContent).toContain('there is no job job-000001');
  });

  it('says what it needs where it is not let in', async () => {
    const { fixture, element, isLost } = await page();
    isLost.set(true);
    await fixture.whenStable();
    expect(element.querySelector('[role=alert]')?.textContent).toContain('has to be public');
  });
});
