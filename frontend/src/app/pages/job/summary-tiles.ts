import { Component, computed, inject, input, resource } from '@angular/core';
import type { StudyState } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { HelpTip } from '../../parts/help/help-tip.ts';
import { Clock } from '../../state/clock.ts';
import { bestTotalScore, scoreText, summaryTiles } from './job-words.ts';

/** The numbers that matter, the best total score first, with the weights it was made with. */
@Component({
  selector: 'on-summary-tiles',
  imports: [HelpTip],
  template: `
    <dl>
      <div class="tile first">
        <dt>
          Best total score
          <on-help-tip about="the total score">
            <p>
              (1 − {{ weights().health }}) · accuracy + {{ weights().health }} · health, with the weights of
              this job. Health is the weighted mean of six measures:
            </p>
            <table>
              <tbody>
                @for (metric of metrics(); track metric.name) {
                  <tr>
                    <td>{{ metric.title }}</td>
                    <td class="number">{{ metric.weight }}</td>
                    <td>
                      @for (link of metric.links; track link.url) {
                        <a [href]="link.url" target="_blank" rel="noopener">{{ link.title }}</a>
                      }
                    </td>
                  </tr>
                }
              </tbody>
            </table>
          </on-help-tip>
        </dt>
        <dd>{{ score() }}</dd>
        <dd class="note">
          @if (state().best !== null) {
            trial {{ state().best }}
          } @else {
            no trial completed yet
          }
        </dd>
      </div>
      @for (tile of tiles(); track tile.name) {
        <div class="tile">
          <dt>{{ tile.name }}</dt>
          <dd>{{ tile.value }}</dd>
          <dd class="note">{{ tile.note }}</dd>
        </div>
      }
    </dl>
  `,
  styles: `
    dl {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
      gap: 16px 24px;
      padding-block: 16px;
      border-block: 1px solid var(--on-rule);
    }
    dt {
      display: flex;
      align-items: center;
      min-height: 28px;
      font-size: 0.9rem;
    }
    dd {
      font-size: 1.5rem;
      font-weight: 600;
      line-height: 1.2;
    }
    .first dd:not(.note) {
      color: var(--on-accent);
    }
    .note {
      font-size: 0.85rem;
      font-weight: 400;
      color: var(--on-muted);
    }
    td {
      padding: 2px 12px 2px 0;
      vertical-align: top;
    }
    .number {
      text-align: right;
    }
    @media (max-width: 599px) {
      dl {
        grid-template-columns: 1fr 1fr;
      }
    }
  `,
})
export class SummaryTiles {
  readonly state = input.required<StudyState>();
  readonly #api = inject(ApiClient);
  readonly #clock = inject(Clock);

  /** The words are the server's, the weights the job's own. */
  readonly #texts = resource({ loader: () => this.#api.objective() });
  protected readonly weights = computed(() => this.state().config.objective.weights);
  protected readonly metrics = computed(() => {
    const weights = this.weights().metrics;
    const texts = this.#texts.hasValue() ? this.#texts.value().metrics : [];
    return texts.map((text) => ({ ...text, weight: weights[text.name] }));
  });
  protected readonly score = computed(() => scoreText(bestTotalScore(this.state())));
  protected readonly tiles = computed(() => summaryTiles(this.state(), this.#clock.now()));
}
