/** What this installation says of itself; nothing where the gateway cannot be asked. */
import { computed, inject, Injectable, resource } from '@angular/core';
import { emptySite, tensorboardAddress } from '@onegin/contracts';
import { ApiClient } from '../api/api-client.ts';

@Injectable({ providedIn: 'root' })
export class SiteStore {
  readonly #api = inject(ApiClient);
  readonly #asked = resource({ loader: () => this.#api.site() });

  readonly site = computed(() => (this.#asked.hasValue() ? this.#asked.value() : emptySite));

  /** Where TensorBoard shows a run, or one trial of it; null where no TensorBoard is configured. */
  tensorboardOf(runName: string, trial?: number): string | null {
    const { tensorboard } = this.site();
    return tensorboard === null ? null : tensorboardAddress(tensorboard, runName, trial);
  }
}
