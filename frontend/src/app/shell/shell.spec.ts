import { provideHttpClient } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { provideIcons } from '../parts/icon/provide-icons.ts';
import { NotFoundPage } from '../pages/not-found/not-found-page.ts';
import { Shell } from './shell.ts';

describe('the shell (4.8)', () => {
  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideHttpClient(),
        provideIcons(),
        provideRouter([
          { path: 'embed/:jobId', data: { bare: true }, component: NotFoundPage },
          { path: '**', component: NotFoundPage },
        ]),
      ],
    });
  });

  async function at(address: string): Promise<HTMLElement> {
    const shell = TestBed.createComponent(Shell);
    await RouterTestingHarness.create(address);
    await shell.whenStable();
    return shell.nativeElement as HTMLElement;
  }

  it('shows the whole title, the pages and the licence', async () => {
    const element = await at('/anything');
    expect(element.querySelector('header .title')?.textContent).toBe(
      'Onegin: A Neural Architecture Explorer',
    );
    const pages = [...element.querySelectorAll('header nav a')].map((a) => a.textContent?.trim());
    expect(pages).toEqual(['Jobs', 'New job', 'Trainers', 'Learn']);
    expect(element.querySelector('footer a[href="/licence.txt"]')?.textContent).toBe('MIT licence');
  });

  it('stands aside for an embedded study', async () => {
    const element = await at('/embed/job-000001');
    expect(element.querySelector('header')).toBeNull();
    expect(element.querySelector('footer')).toBeNull();
    expect(element.querySelector('main')).not.toBeNull();
  });
});
