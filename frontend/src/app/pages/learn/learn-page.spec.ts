import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from '@jest/globals';
import { standardSpace } from '@onegin/contracts';
import type { Finding } from '../../api/answers.ts';
import { ApiClient } from '../../api/api-client.ts';
import { findingWords, regionText } from './finding-words.ts';
import { LearnPage } from './learn-page.ts';
import { parameterTexts } from './parameter-texts.ts';

const finding = (more: Partial<Finding> = {}): Finding => ({
  param: 'dropout',
  share: 0.4,
  good: { range: { low: 0, high: 0.3 }, trials: 9 },
  bad: { range: { low: 0.45, high: 0.5 }, trials: 5 },
  difference: 0.0214,
  clear: true,
  marginal: {
    at: [0, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5],
    mean: [1, 1, 1, 1, 0.99, 0.98, 0.98],
    deviation: [0, 0, 0, 0, 0, 0, 0],
  },
  ...more,
});

async function page(api: Partial<ApiClient>, kind?: string) {
  TestBed.configureTestingModule({ providers: [provideRouter([]), { provide: ApiClient, useValue: api }] });
  const fixture = TestBed.createComponent(LearnPage);
  if (kind) fixture.componentRef.setInput('kind', kind);
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
}

const job = (jobId: string, completedTrials: number) => ({
  jobId,
  name: `study ${jobId}`,
  runName: jobId,
  dataset: 'mnist-10k',
  progress: { completedTrials },
});
const objective = async () => ({ modes: [], weights: {}, metrics: [] }) as never;

describe('the learn page (4.7)', () => {
  it('has a text on every parameter of both search spaces, and on no other', () => {
    const names = new Set([...Object.keys(standardSpace('cnn')), ...Object.keys(standardSpace('lstm'))]);
    expect(Object.keys(parameterTexts).sort()).toEqual([...names].sort());
  });

  it('says of each parameter what the studies that are large enough found out', async () => {
    const element = await page({
      objective,
      jobs: async () => ({ jobs: [job('small', 3), job('large', 14)], next: null }) as never,
      findings: async (jobId) => {
        if (jobId !== 'large') throw new Error('too small a study was asked about');
        return { jobId, available: true, trials: 14, findings: [finding()] };
      },
    });
    const text = element.querySelector('#dropout')!.textContent!.replace(/\s+/g, ' ');
    expect(text).toContain('Best up to 0.3; from 0.45 on it cost 2.1 points.');
    expect(text).toContain('study large');
    expect(text).toContain('14 trials, 9 of them at its best, 5 at its worst · importance 40%');
    expect(element.querySelector('#filters li')).toBeNull();
    expect(element.querySelector('#dropout svg')?.getAttribute('aria-label')).toContain('dropout');
  });

  it('shows the other kind of network, and says when there is no study yet or it cannot be asked', async () => {
    const none = await page({ objective, jobs: async () => ({ jobs: [], next: null }) }, 'lstm');
    expect(none.querySelector('#lstmUnits')).not.toBeNull();
    expect(none.querySelector('#filters')).toBeNull();
    expect(none.textContent).toContain('No study has 10 completed trials yet');
    TestBed.resetTestingModule();
    const away = await page({ objective, jobs: () => Promise.reject(new Error('away')) });
    expect(away.querySelector('[role=alert]')?.textContent).toContain('cannot be shown: away');
  });
});

describe('a finding in words', () => {
  const at = [1, 2, 3, 4];
  it('names ranges, single values and choices', () => {
    expect(regionText({ range: { low: 2, high: 3 }, trials: 1 }, at)).toBe('between 2 and 3');
    expect(regionText({ range: { low: 2, high: 2 }, trials: 1 }, at)).toBe('at 2');
    expect(regionText({ range: { low: 1, high: 3 }, trials: 1 }, at)).toBe('up to 3');
    expect(regionText({ range: { low: 3, high: 4 }, trials: 1 }, at)).toBe('from 3 on');
    expect(regionText({ values: ['relu', 'tanh'], trials: 1 }, ['relu', 'tanh', 'elu'])).toBe(
      'with relu or tanh',
    );
    expect(regionText({ values: [true], trials: 1 }, [true, false])).toBe('with on');
  });

  it('claims nothing that chance explains', () => {
    expect(findingWords(finding({ clear: false }), 14).sentence).toBe(
      'No difference that chance would not explain.',
    );
  });
});
