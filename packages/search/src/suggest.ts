/**
 * Suggests parameters for a trial: a pure function of (space, directions, sampler, seed, number, history).
 *
 * What is costly to rebuild (encoded rows, fitted models, evolution states) is kept between calls, so that
 * an ask costs what is new. The kept things never change an answer: a suggester that has just been made
 * from a log suggests what one that lived through it would have.
 */
import { messageOf, parseOrThrow, searchSpaceSchema, streamOf } from '@onegin/contracts';
import type { Params, SearchSpace } from '@onegin/contracts';
import * as z from 'zod';
import { HistoryTable } from './history-table.ts';
import { createSampler } from './create-sampler.ts';
import { samplerOptionsSchema, type SamplerOptions } from './sampler-options.ts';
import { randomRow } from './samplers/random.ts';
import type { Proposal, Sampler, SamplerContext, SearchWarning } from './samplers/sampler.ts';
import { untriedRow } from './samplers/untried-row.ts';
import { encodeSpace, fromRow, isActiveIn, type EncodedSpace } from './space-encoding.ts';
import { directionsSchema, type Direction, type Trial } from './trial-history.ts';

export interface SuggestSettings {
  readonly space: SearchSpace;
  /** One per objective. */
  readonly directions: readonly Direction[];
  /** Default: auto. */
  readonly sampler?: SamplerOptions | undefined;
  readonly seed: number;
  /** How many trials the study may have, if that is known; `auto` plans with it. */
  readonly budget?: number | undefined;
}

export interface Suggestion {
  readonly params: Params;
  readonly warnings: readonly SearchWarning[];
}

export interface Suggester {
  /** @param history all trials so far, by rising number, outstanding ones included */
  suggest(number: number, history: readonly Trial[]): Suggestion;
}

/** How often a sampler may try again when it comes up with a row that was tried. */
const RETRIES = 3;

const settingsSchema = z.object({
  space: searchSpaceSchema,
  directions: directionsSchema,
  sampler: samplerOptionsSchema.default({ name: 'auto' }),
  seed: z.int().nonnegative(),
});

/** @throws OneginError `request-invalid`, naming every wrong field */
export function createSuggester(settings: SuggestSettings): Suggester {
  const sampler = createSampler(parseOrThrow(settingsSchema, settings, 'the search').sampler);
  const encoded = encodeSpace(settings.space);
  const table = new HistoryTable(encoded);
  return {
    suggest(number, history) {
      table.sync(history);
      const { row, warnings } = propose(sampler, (attempt) => ({
        encoded,
        directions: settings.directions,
        number,
        seed: settings.seed,
        random: streamOf(settings.seed, number, 'sampler', attempt),
        table,
        budget: settings.budget,
        isTaken: (candidate) => table.has(candidate),
      }));
      return { params: fromRow(encoded, row), warnings };
    },
  };
}

export interface SuggestRequest extends SuggestSettings {
  readonly number: number;
  readonly history: readonly Trial[];
}

const suggesters = new WeakMap<SearchSpace, Map<string, Suggester>>();
/** Studies that share one space object and are asked in turns. */
const KEPT_PER_SPACE = 4;

/** `createSuggester` and ask, keeping suggesters by space object and settings. */
export function suggest(request: SuggestRequest): Suggestion {
  const { space, number, history, ...rest } = request;
  encodeSpace(space);
  const key = JSON.stringify([rest.directions, rest.sampler, rest.seed, rest.budget]);
  let kept = suggesters.get(space);
  if (!kept) suggesters.set(space, (kept = new Map<string, Suggester>()));
  const suggester = kept.get(key) ?? createSuggester(request);
  // Last used goes last, so that the first is the one to forget.
  kept.delete(key);
  kept.set(key, suggester);
  if (kept.size > KEPT_PER_SPACE) kept.delete(kept.keys().next().value!);
  return suggester.suggest(number, history);
}

function propose(sampler: Sampler, contextOf: (attempt: number) => SamplerContext): Required<Proposal> {
  const warnings: SearchWarning[] = [];
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    const context = contextOf(attempt);
    const proposal = guarded(sampler, context);
    if (attempt === 0) warnings.push(...(proposal.warnings ?? []));
    if (!context.isTaken(proposal.row)) return { row: proposal.row, warnings };
  }
  const context = contextOf(RETRIES + 1);
  const row = untriedRow(context);
  if (row) return { row, warnings };
  const message = 'Every point of the search space has been tried; points are suggested again.';
  return { row: randomRow(context), warnings: [...warnings, { code: 'SPACE_EXHAUSTED', message }] };
}

/** A study must not stop because arithmetic failed: whatever happens there is a suggestion. */
function guarded(sampler: Sampler, context: SamplerContext): Proposal {
  try {
    const proposal = sampler.propose(context);
    if (isComplete(context.encoded, proposal.row)) return proposal;
    return fallback(sampler, context, 'its proposal had no value for an active parameter');
  } catch (error) {
    return fallback(sampler, context, messageOf(error));
  }
}

function fallback(sampler: Sampler, context: SamplerContext, reason: string): Proposal {
  const message = `The sampler ${sampler.name} failed for trial ${context.number}, which is sampled at random: ${reason}.`;
  return { row: randomRow(context), warnings: [{ code: 'SAMPLER_FAILED', message }] };
}

const isComplete = (encoded: EncodedSpace, row: Float64Array): boolean =>
  encoded.dimensions.every((dimension, i) => isActiveIn(dimension, row) === Number.isFinite(row[i]!));
