import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { describe, expect, it } from '@jest/globals';
import type { JobSummary, TrainerHeartbeat } from '@onegin/contracts';
import { ApiError } from '../../api/api-error.ts';
import { provideIcons } from '../../parts/icon/provide-icons.ts';
import { OverviewStore } from '../../state/overview-store.ts';
import { provideHttpClient } from '@angular/common/http';
import { TrainersPage } from './trainers-page.ts';

const beat = (more: Partial<TrainerHeartbeat> = {}): TrainerHeartbeat => ({
  id: 'trainer-a',
  host: 'desk',
  pid: 1,
  resource: 'cpu',
  engine: 'native',
  device: 'CPU, 2 threads',
  slots: 1,
  status: 'ready',
  current: [],
  stepsPerSecond: null,
  samplesPerSecond: null,
  completed: 3,
  failed: 1,
  failedInARow: 0,
  startedAt: 0,
  at: 300_000,
  simulated: false,
  ...more,
});

async function page(trainers: TrainerHeartbeat[] | null, problem: ApiError | null = null) {
  TestBed.configureTestingModule({
    providers: [
      provideRouter([]),
      provideHttpClient(),
      provideIcons(),
      {
        provide: OverviewStore,
        useValue: {
          trainers: signal(trainers),
          jobs: signal<JobSummary[]>([]),
          problem: signal(problem),
          look: () => undefined,
        },
      },
    ],
  });
  const fixture = TestBed.createComponent(TrainersPage);
  await fixture.whenStable();
  return fixture.nativeElement as HTMLElement;
}

describe('the trainers’ page (4.11, 2.5)', () => {
  it('shows what each trainer is, does and did, in the order of their names', async () => {
    const work = {
      jobId: 'job-000001',
      target: 4,
      epoch: 2,
      epochs: 8,
    } as TrainerHeartbeat['current'][number];
    const element = await page([
      beat({ id: 'trainer-10' }),
      beat({ id: 'trainer-2', current: [work], samplesPerSecond: 1234.5 }),
    ]);
    const cards = [...element.querySelectorAll('li')].map((card) => card.textContent!.replace(/\s+/g, ' '));
    expect(cards[0]).toContain('trainer-2');
    expect(cards[0]).toContain('training');
    expect(cards[0]).toContain('trial #4');
    expect(cards[0]).toContain('epoch 2/8');
    expect(cards[0]).toContain('1,235 samples/s');
    expect(cards[0]).toContain('1 (25%)');
    expect(cards[1]).toContain('takes the next trial at once');
    expect(element.querySelector('.work a')?.getAttribute('href')).toBe('/jobs/job-000001/trials/4');
    expect(element.querySelector('mat-progress-bar')?.getAttribute('aria-valuenow')).toBe('25');
  });

  it('says what keeps a trainer from working', async () => {
    const element = await page([
      beat({ id: 'a', status: 'withdrawn' }),
      beat({ id: 'b', waitingFor: 'storage' }),
      beat({ id: 'c', status: 'draining' }),
    ]);
    const words = [...element.querySelectorAll('.state')].map((state) => state.textContent!.trim());
    expect(words).toEqual(['withdrawn', 'waiting for storage', 'leaving']);
  });

  it('says what to do when there is none, waits in its own shape, and offers another try', async () => {
    expect((await page([])).textContent).toContain('No trainer is alive');
    TestBed.resetTestingModule();
    expect((await page(null)).querySelectorAll('.skeleton')).toHaveLength(3);
    TestBed.resetTestingModule();
    const failed = await page(null, new ApiError('Onegin cannot be reached.', null));
    expect(failed.querySelector('[role=alert]')?.textContent).toContain('cannot be reached');
    expect(failed.querySelector('button')?.textContent).toContain('Try again');
  });
});
