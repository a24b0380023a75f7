import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { emptySite, type Site } from '@onegin/contracts';
import { ApiClient } from '../api/api-client.ts';
import { ApiError } from '../api/api-error.ts';
import { Footer } from './footer.ts';

async function links(site: () => Promise<Site>): Promise<Record<string, string | null>> {
  TestBed.configureTestingModule({ providers: [{ provide: ApiClient, useValue: { site } }] });
  const fixture = TestBed.createComponent(Footer);
  await fixture.whenStable();
  const all = [...(fixture.nativeElement as HTMLElement).querySelectorAll('a')];
  return Object.fromEntries(all.map((a) => [a.textContent?.trim(), a.getAttribute('href')]));
}

const ALWAYS = { 'MIT licence': '/licence.txt', API: '/api/docs' };

describe('4.8: the footer', () => {
  it('4.8: shows personal page, company page, licence and repository as they are configured', async () => {
    const configured: Site = {
      ...emptySite,
      personalPage: { name: 'Ada Lovelace', url: 'https://ada.example.org' },
      companyPage: { name: null, url: 'https://company.example.org' },
      licence: { name: null, url: 'https://example.org/mit' },
      repository: { name: null, url: 'https://code.example.org/onegin' },
    };
    expect(await links(async () => configured)).toEqual({
      'Ada Lovelace': 'https://ada.example.org',
      Company: 'https://company.example.org',
      'MIT licence': 'https://example.org/mit',
      'Source code': 'https://code.example.org/onegin',
      API: '/api/docs',
    });
  });

  it('4.8: leaves out what is not configured, and what cannot be asked', async () => {
    expect(await links(async () => emptySite)).toEqual(ALWAYS);
    TestBed.resetTestingModule();
    expect(await links(() => Promise.reject(new ApiError('away', null)))).toEqual(ALWAYS);
  });
});
