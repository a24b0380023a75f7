import { Component, computed, inject } from '@angular/core';
import { takeUntilDestroyed, toSignal } from '@angular/core/rxjs-interop';
import {
  ActivatedRoute,
  NavigationEnd,
  Router,
  RouterLink,
  RouterLinkActive,
  RouterOutlet,
} from '@angular/router';
import { MatIcon } from '@angular/material/icon';
import { filter, map } from 'rxjs';
import { ConnectionBanner } from './connection-banner.ts';
import { Footer } from './footer.ts';
import { PRODUCT } from './page-title.ts';
import { ThemeSwitch } from './theme-switch.ts';

/** What stands around every page: the bar, the pages' names, the footer. */
@Component({
  selector: 'on-root',
  imports: [ConnectionBanner, Footer, MatIcon, RouterLink, RouterLinkActive, RouterOutlet, ThemeSwitch],
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);

  protected readonly product = PRODUCT;
  protected readonly pages = [
    { path: '/jobs', name: 'Jobs' },
    { path: '/new', name: 'New job' },
    { path: '/trainers', name: 'Trainers' },
    { path: '/learn', name: 'Learn' },
  ];

  readonly #data = toSignal(
    this.#router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => this.#deepest().snapshot.data),
    ),
    { initialValue: {} as Record<string, unknown> },
  );
  /** An embedded view stands alone. */
  protected readonly isBare = computed(
    () => this.#data()['bare'] === true || location.pathname.startsWith('/embed/'),
  );

  constructor() {
    let shown = '';
    this.#router.events.pipe(takeUntilDestroyed()).subscribe((event) => {
      if (!(event instanceof NavigationEnd)) return;
      const page = pageOf(event.urlAfterRedirects);
      if (page !== shown && shown !== '') scrollTo(0, 0);
      shown = page;
    });
  }

  protected skipToContent(event: Event): void {
    event.preventDefault();
    document.getElementById('content')?.focus();
  }

  #deepest(): ActivatedRoute {
    let route = this.#route;
    while (route.firstChild) route = route.firstChild;
    return route;
  }
}

/** The part of an address that says which page it is: a trial's dialog lies over its job's. */
const pageOf = (url: string): string => url.split(/[?#]/, 1)[0]?.split('/').slice(0, 3).join('/') ?? '';
