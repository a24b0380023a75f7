import { signal } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideRouter, Router } from '@angular/router';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DatasetListing, JobSummary, OptimizationRequestInput } from '@onegin/contracts';
import { ApiClient } from '../../api/api-client.ts';
import { ApiError } from '../../api/api-error.ts';
import { provideIcons } from '../../parts/icon/provide-icons.ts';
import { OverviewStore } from '../../state/overview-store.ts';
import { NewJobPage } from './new-job-page.ts';

const digits: DatasetListing = {
  name: 'digits',
  title: 'Digits',
  description: 'Handwritten digits.',
  kind: 'image',
  shape: [28, 28, 1],
  classes: ['0', '1'],
  sizes: { train: 1000, validation: 100, test: 100 },
  licence: 'CC0',
  page: 'https://example.org/digits',
  synthetic: false,
  bundled: true,
  downloads: [],
  ready: true,
};
const named = (...names: string[]) =>
  names.map((name) => ({ name, title: name, explanation: `How ${name} works.` }));
const mode = (name: string) => ({
  mode: name,
  title: name,
  explanation: `${name} counts.`,
  formula: 'f',
  objectives: [],
});

let sent: OptimizationRequestInput[];
let keys: string[];

async function page(api: object = {}, from?: string): Promise<ComponentFixture<NewJobPage>> {
  TestBed.configureTestingModule({
    providers: [
      provideRouter([{ path: '**', children: [] }]),
      provideIcons(),
      {
        provide: OverviewStore,
        useValue: { trainers: signal([]), jobs: signal<JobSummary[]>([]), look: () => undefined },
      },
      {
        provide: ApiClient,
        useValue: {
          datasets: async () => [digits],
          objective: async () => ({
            modes: ['simple', 'health', 'pareto'].map(mode),
            weights: {},
            metrics: [],
          }),
          samplers: async () => named('auto', 'tpe'),
          pruners: async () => named('none', 'asha'),
          optimize: async (request: OptimizationRequestInput, key: string) => {
            sent.push(request);
            keys.push(key);
            return { jobId: 'job-000001', runName: 'run' };
          },
          ...api,
        },
      },
    ],
  });
  const fixture = TestBed.createComponent(NewJobPage);
  if (from) fixture.componentRef.setInput('from', from);
  await fixture.whenStable();
  return fixture;
}

async function change(fixture: ComponentFixture<NewJobPage>, id: string, value: string): Promise<void> {
  const control = fixture.nativeElement.querySelector(`#${id}`) as HTMLInputElement;
  control.value = value;
  control.dispatchEvent(new Event(control.id === 'name' ? 'input' : 'change'));
  await fixture.whenStable();
}

async function press(fixture: ComponentFixture<NewJobPage>): Promise<void> {
  (fixture.nativeElement.querySelector('form') as HTMLFormElement).dispatchEvent(
    new Event('submit', { cancelable: true }),
  );
  await fixture.whenStable();
}

describe('the new-job page (4.1, 2.10)', () => {
  beforeEach(() => {
    sessionStorage.clear();
    sent = [];
    keys = [];
  });

  it('starts with defaults alone, and sends only what was chosen', async () => {
    const fixture = await page();
    await press(fixture);
    expect(sent).toEqual([{ dataset: 'digits' }]);
    expect(TestBed.inject(Router).url).toBe('/jobs/job-000001');
  });

  it('sends the mode, the GPU, the budget, the pruner with options, and ranges', async () => {
    const fixture = await page();
    const element = fixture.nativeElement as HTMLElement;
    await change(fixture, 'mode', 'pareto');
    await change(fixture, 'trials', '12');
    await change(fixture, 'time-limit', '1.5');
    await change(fixture, 'pruner', 'asha');
    await change(fixture, 'pruner-reduction', '4');
    element.querySelector<HTMLInputElement>('.check input')!.click();
    const filters = [...element.querySelectorAll('on-parameter-editor')].find((one) =>
      one.textContent!.includes('filters'),
    )!;
    const high = filters.querySelectorAll('input')[2]!;
    high.value = '16';
    high.dispatchEvent(new Event('change'));
    await fixture.whenStable();
    expect(element.textContent).toContain('1 range of your own');
    await press(fixture);
    expect(sent).toEqual([
      {
        dataset: 'digits',
        mode: 'pareto',
        trials: 12,
        timeLimitSeconds: 90,
        pruner: { name: 'asha', reduction: 4 },
        useGpu: true,
        searchSpace: { filters: { type: 'int', low: 8, high: 16, step: 8 } },
      },
    ]);
  });

  it('names what is wrong beside the field, as the gateway would, and sends nothing', async () => {
    const fixture = await page();
    const element = fixture.nativeElement as HTMLElement;
    // jsdom lays nothing out and cannot scroll.
    HTMLElement.prototype.scrollIntoView = () => undefined;
    await change(fixture, 'trials', 'many');
    const trials = element.querySelector('#trials')!.closest('on-field')!;
    expect(trials.querySelector('[role=alert]')?.textContent).toMatch(/expected .*number.*many/i);
    expect(element.textContent).toContain('1 field to put right');
    await press(fixture);
    expect(sent).toEqual([]);
  });

  it('explains datasets and modes before their drop-downs, with a link to the dataset’s page', async () => {
    const fixture = await page();
    const element = fixture.nativeElement as HTMLElement;
    for (const id of ['dataset', 'mode']) {
      const control = element.querySelector(`#${id}`)!;
      expect(control.previousElementSibling?.tagName).toBe('ON-HELP-TIP');
    }
    element.querySelector<HTMLButtonElement>('on-help-tip button')!.click();
    // What opens it is fetched with the first text.
    while (!document.querySelector('[role=note]')) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(document.querySelector('[role=note] a')?.getAttribute('href')).toBe('https://example.org/digits');
  });

  it('keeps the draft over a failure and a reload; the same draft is sent with the same key', async () => {
    const failing = {
      optimize: async (_request: unknown, key: string) => {
        keys.push(key);
        throw new ApiError('Onegin cannot be reached.', null);
      },
    };
    const fixture = await page(failing);
    await change(fixture, 'name', 'at night');
    await press(fixture);
    await press(fixture);
    expect(fixture.nativeElement.textContent).toContain('Onegin cannot be reached.');
    expect(keys[0]).toBe(keys[1]);
    TestBed.resetTestingModule();
    const again = await page();
    expect((again.nativeElement.querySelector('#name') as HTMLInputElement).value).toBe('at night');
  });

  it('asks for what another job asked for, with changes', async () => {
    const request = { dataset: 'digits', trials: 9, mode: 'simple', seed: 4 };
    const fixture = await page({ get: async () => ({ request }) }, 'job-000002');
    await change(fixture, 'epochs', '3');
    await press(fixture);
    expect(sent).toEqual([{ dataset: 'digits', trials: 9, mode: 'simple', seed: 4, epochs: 3 }]);
  });
});
