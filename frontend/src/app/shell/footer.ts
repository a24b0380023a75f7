import { ChangeDetectionStrategy, Component } from '@angular/core';

@Component({
  selector: 'on-footer',
  template: `
    <footer>
      <div class="content row">
        <a href="/licence.txt" target="_blank" rel="noopener">MIT licence</a>
        <a href="/api/docs" target="_blank" rel="noopener">API</a>
      </div>
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
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class Footer {}
