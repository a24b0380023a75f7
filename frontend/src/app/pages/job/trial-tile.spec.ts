import { TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TrainingStatus, TrialView } from '@onegin/contracts';
import { provideIcons } from '../../parts/icon/provide-icons.ts';
import { TrialTile } from './trial-tile.ts';

const view = (status: TrainingStatus): TrialView => ({
  number: 7,
  status,
  params: {},
  source: '<img src=x onerror=alert(1)>',
  values: status === 'completed' ? [0.9812] : null,
  accuracy: status === 'completed' ? 0.97 : null,
  healthScore: status === 'completed' ? 0.87 : null,
  parameterCount: status === 'completed' ? 12_400 : null,
  epochsDone: 1,
  lastEpoch: null,
  trainer: null,
  attempt: 1,
  lost: 0,
  queuedAt: 0,
  startedAt: null,
  endedAt: null,
  reason: null,
  failure: null,
});

describe("a trial's tile (4.3)", () => {
  beforeEach(() => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideIcons()] });
  });

  async function tile(status: TrainingStatus, isBest = false) {
    const fixture = TestBed.createComponent(TrialTile);
    fixture.componentRef.setInput('trial', view(status));
    fixture.componentRef.setInput('isBest', isBest);
    const opened: number[] = [];
    fixture.componentInstance.details.subscribe(() => opened.push(1));
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const button = element.querySelector<HTMLButtonElement>('button.details');
    if (!button) throw new Error('expected the button');
    return { element, button, opened };
  }

  it.each(['queued', 'running', 'paused', 'failing'] as const)(
    'has nothing to open while it is %s',
    async (status) => {
      const { button, opened } = await tile(status);
      expect(button.disabled).toBe(true);
      button.click();
      expect(opened).toEqual([]);
    },
  );

  it('opens the details by its button only, which stands last', async () => {
    const { element, button, opened } = await tile('completed');
    expect(element.lastElementChild).toBe(button);
    element.click();
    element.querySelector<HTMLElement>('.score')?.click();
    expect(opened).toEqual([]);
    button.click();
    expect(opened).toEqual([1]);
  });

  it('says in words and by its frame that it is the best', async () => {
    const { element } = await tile('completed', true);
    expect(element.classList).toContain('best');
    expect(element.querySelector('[aria-label="Best trial"]')).not.toBeNull();
    expect(element.querySelector('.score')?.textContent).toBe('0.9812');
  });
});
