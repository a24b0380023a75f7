import { Component, computed, inject } from '@angular/core';
import type { SiteLink } from '@onegin/contracts';
import { SiteStore } from '../state/site-store.ts';

/** Comes with the web UI. */
const LICENCE: SiteLink = { name: null, url: '/licence.txt' };

/** Whose this is and on what terms; what is not configured is not there. */
@Component({
  selector: 'on-footer',
  template: `
    <footer>
      <nav class="content row" aria-label="About this Onegin">
        @for (link of links(); track link.url) {
          <a [href]="link.url" target="_blank" rel="noopener">{{ link.name }}</a>
        }
      </nav>
    </footer>
  `,
  styles: `
    footer {
      border-top: 1px solid var(--on-rule);
      font-size: 0.9rem;
    }
    .row {
      display: flex;
      flex-wrap: wrap;
      gap: 0 24px;
      padding-block: 4px;
    }
    a {
      display: inline-flex;
      align-items: center;
      min-height: var(--on-touch);
      color: var(--on-muted);
    }
    a:hover {
      color: var(--on-text);
    }
  `,
})
export class Footer {
  readonly #store = inject(SiteStore);

  protected readonly links = computed(() => {
    const { personalPage, companyPage, licence, repository } = this.#store.site();
    return [
      ...named('Personal page', personalPage),
      ...named('Company', companyPage),
      ...named('MIT licence', licence ?? LICENCE),
      ...named('Source code', repository),
      ...named('API', { name: null, url: '/api/docs' }),
    ];
  });
}

const named = (otherwise: string, link: SiteLink | null): { name: string; url: string }[] =>
  link === null ? [] : [{ name: link.name ?? otherwise, url: link.url }];
