import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';
import { messageOf } from './validation.ts';

describe('messageOf', () => {
  it('says what zod refused in a sentence, not in JSON', () => {
    const { error } = z.object({ lr: z.object({ low: z.number() }) }).safeParse({ lr: { low: 'a' } });
    expect(messageOf(error)).toBe('lr.low: expected number');
  });

  it('takes the message of an error, and whatever else was thrown as it is', () => {
    expect([messageOf(new Error('a mistake')), messageOf('text')]).toEqual(['a mistake', 'text']);
  });
});
