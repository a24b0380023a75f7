import { Component } from '@angular/core';
import { TestBed, type ComponentFixture } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { provideIcons } from '../icon/provide-icons.ts';
import { HelpTip } from './help-tip.ts';

@Component({
  imports: [HelpTip],
  template: `<on-help-tip about="the modes">Health counts. <a href="/learn">More</a></on-help-tip>`,
})
class Page {}

const text = () => document.querySelector('[role=note]');

/** What opens the first text is fetched with it. */
async function fetched(): Promise<void> {
  while (!text()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('4.1: a tooltip', () => {
  let fixture: ComponentFixture<Page>;
  let mark: HTMLButtonElement;
  beforeEach(async () => {
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideIcons()] });
    fixture = TestBed.createComponent(Page);
    await fixture.whenStable();
    const button = (fixture.nativeElement as HTMLElement).querySelector('button');
    if (!button) throw new Error('expected the mark');
    mark = button;
  });
  async function when(event: Event, on: EventTarget = mark): Promise<void> {
    on.dispatchEvent(event);
    await fixture.whenStable();
  }

  it.each(['mouseenter', 'focus', 'click'])(
    '4.1: opens by %s, can hold links, and closes with Esc',
    async (how) => {
      expect([text(), mark.getAttribute('aria-label')]).toEqual([null, 'About the modes']);
      await when(new Event(how));
      await fetched();
      expect(text()?.querySelector('a')?.getAttribute('href')).toBe('/learn');
      expect(mark.getAttribute('aria-expanded')).toBe('true');
      await when(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }), document.body);
      expect([text(), mark.getAttribute('aria-expanded')]).toEqual([null, 'false']);
    },
  );

  it('4.1: stays while the pointer crosses to it, so that its links can be reached', async () => {
    await when(new Event('mouseenter'));
    await fetched();
    await when(new Event('mouseleave'));
    const note = text();
    if (!note) throw new Error('expected the text');
    await when(new Event('mouseenter'), note);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(text()).not.toBeNull();
    await when(new Event('mouseleave'), note);
    while (text()) await new Promise((resolve) => setTimeout(resolve, 10));
  });
});
