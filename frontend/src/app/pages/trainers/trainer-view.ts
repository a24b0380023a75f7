/** What the trainers' page says of a heartbeat, in words. */
import type { TrainerHeartbeat } from '@onegin/contracts';
import type { IconName } from '../../parts/icon/icons.ts';

export interface TrainerState {
  readonly word: string;
  readonly icon: IconName;
  /** Names a colour of the theme: `--on-<tint>`. */
  readonly tint: 'busy' | 'good' | 'wait' | 'bad' | 'idle';
  readonly explanation: string;
}

const states = {
  training: {
    word: 'training',
    icon: 'play',
    tint: 'busy',
    explanation: 'It trains and reports every epoch.',
  },
  idle: {
    word: 'ready',
    icon: 'check-circle',
    tint: 'good',
    explanation: 'It takes the next trial at once.',
  },
  storage: {
    word: 'waiting for storage',
    icon: 'hourglass',
    tint: 'wait',
    explanation: 'The artifact store does not answer. The trial is kept and goes on when it does.',
  },
  draining: {
    word: 'leaving',
    icon: 'pause',
    tint: 'idle',
    explanation: 'It hands its trial back with a checkpoint and ends. Another trainer goes on from there.',
  },
  withdrawn: {
    word: 'withdrawn',
    icon: 'block',
    tint: 'bad',
    explanation: 'Too many trials failed here in a row. It takes none for a while; others do them.',
  },
} as const satisfies Record<string, TrainerState>;

export function stateOf({ status, waitingFor, current }: TrainerHeartbeat): TrainerState {
  if (status !== 'ready') return states[status];
  if (waitingFor === 'storage') return states.storage;
  return current.length > 0 ? states.training : states.idle;
}

/** Share of trainings that failed, or null before the first has ended. */
export function failureShare({ completed, failed }: TrainerHeartbeat): number | null {
  const ended = completed + failed;
  return ended === 0 ? null : failed / ended;
}
