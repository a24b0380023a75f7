/** Words that this project no longer uses: the rule `onegin/retired-words` and `npm run words` look for them. */

export interface RetiredWord {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Where it may stand all the same, and why. */
  readonly except?: { readonly paths: RegExp; readonly why: string };
}

/** One event for what happens to any training replaced a pair of events, one of trials and one of the final model. */
const formerEvents =
  /\b(?:Trial(?:Queued|Started|Paused|Promoted|HandedBack|Interrupted|AttemptFailed|Requeued|Pruned|Completed|Failed|Cancelled)|FinalModel(?:Queued|Started|Progressed|HandedBack|Interrupted|AttemptFailed|Requeued|Ready|Failed))\b/;

/** `Leaving` and `Asking` begin sentences too; before or after these they are a class. */
const asType = (name: string): RegExp =>
  new RegExp(String.raw`(?:\b(?:class|interface|type|new|implements)|[{:<|,]) ${name}\b|\b${name}(?=[<(])`);

const identifiers: RetiredWord[] = [
  { pattern: /\bWish\b/, instead: 'AccessRequest' },
  { pattern: /\bdoor\b/i, instead: 'authorize' },
  { pattern: /\badmit(?:s|ted)?\b/i, instead: 'authorize' },
  { pattern: /\bvitals\b/i, instead: 'TrainerStatus' },
  { pattern: /\bpassedOn\b|\bpassing-on\b/i, instead: 'DeferredTasks' },
  { pattern: asType('Leaving'), instead: 'Drain' },
  { pattern: /\bLeavingParts\b|\bleaving\.(?:spec\.)?ts\b/, instead: 'Drain' },
  // Optuna's pruner `patient` and the patience of Keras's early stopping keep their names.
  { pattern: /\bpatiently\b|\bpatience\.(?:spec\.)?ts\b/, instead: 'RetryPolicy' },
  { pattern: asType('Patience'), instead: 'RetryPolicy' },
  { pattern: /\bwithdrawal\b/i, instead: 'CircuitBreaker' },
  { pattern: /\bsilent-?trainers\b/i, instead: 'LostTrainers' },
  { pattern: /\basker\b|\/asking\//i, instead: 'SamplerPool' },
  { pattern: asType('(?:Thread)?Asking'), instead: 'SamplerSession' },
  { pattern: asType('Care'), instead: 'quality' },
  { pattern: /\bcarryOut\b|\bcarry-out\b/i, instead: 'Effects' },
  { pattern: /call(?:ed)?Off|CALL_OFF|\bcall(?:s|ed|ing)?[ -]off\b/, instead: 'stop, cancel' },
  {
    pattern: /hand(?:ed)?Back|\bhand(?:s|ed|ing)?[ -]back\b/i,
    instead: 'release',
    except: {
      paths:
        /^packages\/contracts\/src\/log\/version-1(?:\.spec)?\.ts$|^packages\/service-kit\/src\/metrics\.ts$|^CHANGELOG\.md$/,
      why: "events of 0.1 and a public value of a metric's label have this name",
    },
  },
  {
    pattern: /\bovertaken?\b/i,
    instead: 'superseded',
    except: {
      paths: /^packages\/service-kit\/src\/metrics\.ts$|^CHANGELOG\.md$/,
      why: "it is a public value of a metric's label",
    },
  },
  // The error code `checkpoint-unfit` is public, and codes never change.
  { pattern: /(?<!checkpoint-)\bunfit\b/, instead: 'needs replacement, invalid' },
  { pattern: /\binsist/i, instead: 'retryImport' },
  { pattern: /\bpage-?rest\b/i, instead: 'IdleTrigger' },
  { pattern: /\b(?:redis|connections)\.patient\b/, instead: 'blocking' },
  { pattern: /\b(?:redis|connections)\.requests\b/, instead: 'failFast' },
  {
    pattern: formerEvents,
    instead: 'the event Training… with a target',
    except: {
      paths:
        /^packages\/contracts\/src\/log\/version-1(?:\.spec)?\.ts$|^packages\/service-kit\/src\/log-(?:dictionary|format\.spec)\.ts$|^tests\/upgrade\/|^CHANGELOG\.md$|\/(?:api|live|live-connection)\.spec\.ts$/,
      why: 'logs of 0.1 are still read, clients of 0.1 still served, and what compressed logs must not change',
    },
  },
];

const phrases: RetiredWord[] = [
  { pattern: /\bhears? of\b/i, instead: 'learns of, is told' },
  { pattern: /\bwhoever\b/i, instead: 'who it is: the client, the reader, anyone who' },
  { pattern: /\banew\b/i, instead: 'again' },
  // "as long as" and "so long that" are English.
  { pattern: /\bso long\b(?! (?:as|that)\b)/i, instead: 'this long, for this time' },
  { pattern: /\bso many\b(?! that\b)/i, instead: 'this many, the number' },
  { pattern: /(?<!every )\bso often\b/i, instead: 'this often, the number of times' },
  { pattern: /\bat most so (?!many|long|often)/i, instead: 'at most this' },
  { pattern: /\b(?:is|are|was|were) away\b/i, instead: 'is unreachable' },
  { pattern: /\bbe had\b/i, instead: 'is available, can be installed' },
  { pattern: /\bthe own\b/i, instead: 'its own, your own' },
  {
    pattern: /\bthe present (?:attempt|epoch|process|range|run|scope|space|trace|training|work)\b/i,
    instead: 'the current …',
  },
  { pattern: /\btells of\b/i, instead: 'reports, says' },
  { pattern: /\bmakes (?:a|no) step\b/i, instead: 'makes progress' },
  { pattern: /\bgoes over to\b/i, instead: 'switches to' },
  { pattern: /\bgone on with\b/i, instead: 'resumed from' },
  { pattern: /\ba word (?:on the queue|to the (?!network))\b/i, instead: 'a notification' },
  { pattern: /\bcomes? near (?:them|it)?\b/i, instead: 'approaches' },
];

export const retiredWords: readonly RetiredWord[] = [...identifiers, ...phrases];
