/** How jobs and their folders are named. */
import type { OptimizationRequest } from './optimization-request.ts';

// Without vowels no word comes out, without look-alikes people can read it to each other. 19 · 27^11 ids, some
// 10^17; the log refuses one that is taken.
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const DIGITS = '23456789';

/** A new job's id: twelve letters and digits, the first a letter. */
export function newJobId(): string {
  const random = crypto.getRandomValues(new Uint32Array(12));
  return Array.from(random, (value, i) => {
    const letters = i === 0 ? LETTERS : LETTERS + DIGITS;
    return letters[value % letters.length];
  }).join('');
}

/** `digits-at-night_health_20261123-174500_k3vq8zr2mtwb`: readable, sorted by time within a name, unique by the id. */
export function newRunName(
  request: Pick<OptimizationRequest, 'name' | 'dataset' | 'mode'>,
  jobId: string,
  at = new Date(),
): string {
  const time = at
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replaceAll(/[-:]/g, '')
    .replace('T', '-');
  return [slug(request.name ?? '') || slug(request.dataset) || 'study', request.mode, time, jobId].join('_');
}

const LONGEST_SLUG = 48;

const slug = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .slice(0, LONGEST_SLUG)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
