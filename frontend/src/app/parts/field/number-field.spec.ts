import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from '@jest/globals';
import { enteredNumber, NumberField, type Entered } from './number-field.ts';

describe('a number field (4.1)', () => {
  it('tells a number, nothing, or what was typed instead', () => {
    expect(['7', ' 0.5 ', '1e-3', '', '  ', 'many', 'Infinity'].map(enteredNumber)).toEqual([
      7,
      0.5,
      0.001,
      null,
      null,
      'many',
      'Infinity',
    ]);
  });

  it('is labelled, asks phones for the right keyboard, and shows its hint or what is wrong', async () => {
    const fixture = TestBed.createComponent(NumberField);
    const set = (name: string, value: unknown) => fixture.componentRef.setInput(name, value);
    set('field', 'trials');
    set('label', 'Trials');
    set('value', 50);
    set('hint', 'How many.');
    await fixture.whenStable();
    const element = fixture.nativeElement as HTMLElement;
    const input = element.querySelector('input');
    if (!input) throw new Error('expected the control');
    expect(element.querySelector('label')?.htmlFor).toBe(input.id);
    expect([input.value, input.inputMode || input.getAttribute('inputmode')]).toEqual(['50', 'numeric']);
    expect(element.textContent).toContain('How many.');
    const entered: Entered[] = [];
    fixture.componentInstance.entered.subscribe((value) => entered.push(value));
    input.value = '12';
    input.dispatchEvent(new Event('change'));
    expect(entered).toEqual([12]);
    set('problems', [{ field: 'trials', expected: 'expected a number of at least 1', found: '0' }]);
    set('whole', false);
    await fixture.whenStable();
    expect(input.getAttribute('aria-invalid')).toBe('true');
    expect(input.getAttribute('inputmode')).toBe('decimal');
    expect(element.querySelector('[role=alert]')?.textContent).toContain('at least 1, found 0');
  });
});
