import { Component } from '@angular/core';
import { RouterLink } from '@angular/router';

@Component({
  selector: 'on-not-found-page',
  imports: [RouterLink],
  template: `
    <div class="content" style="padding-block: 48px">
      <h1>There is nothing at this address</h1>
      <p class="muted">The link may be old, or a letter may be wrong.</p>
      <a routerLink="/jobs">All jobs</a>
    </div>
  `,
})
export class NotFoundPage {}
