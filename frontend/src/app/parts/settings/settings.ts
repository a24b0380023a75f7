import { Component, input } from '@angular/core';

/** A name and a value of each setting, in as many columns as fit. */
@Component({
  selector: 'on-settings',
  template: `
    <dl>
      @for (setting of settings(); track setting.name) {
        <div>
          <dt>{{ setting.name }}</dt>
          <dd class="mono">{{ setting.value }}</dd>
        </div>
      }
    </dl>
  `,
  styles: `
    :host {
      display: block;
    }
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(260px, 1fr));
      gap: 0 32px;
    }
    div {
      display: flex;
      justify-content: space-between;
      gap: 16px;
      border-bottom: 1px solid var(--on-grid);
      padding-block: 4px;
    }
    dd {
      overflow-wrap: anywhere;
    }
  `,
})
export class Settings {
  readonly settings = input.required<readonly { name: string; value: string | number | boolean }[]>();
}
