/** The training process of one device, seen from the trainer: it says in clear words why it died when it does. */
import { messageOf, OneginError } from '@onegin/contracts';
import { Peer, startProcess, type Death } from '@onegin/service-kit/channel';
import type { EngineInfo } from '@onegin/training';
import { deathNotice } from './death-notice.ts';
import { OomKills } from './oom-kills.ts';
import type { ChildSetup, TrainerMethods, TrainingMethods } from './training-methods.ts';

export class DeviceProcess extends Peer<TrainingMethods, TrainerMethods> {
  engine: EngineInfo | null = null;
  #oomKills: OomKills;

  private constructor(name: string) {
    const module = new URL('./training-process.ts', import.meta.url);
    super(startProcess(module), { name, code: 'training-process-died' });
    this.#oomKills = new OomKills(this.pid);
  }

  /**
   * @param withinMs a process that does not say in time that its engine is there is given up
   * @throws OneginError with the reason when the engine is not available or the process dies
   */
  static async start(setup: ChildSetup, name: string, withinMs: number): Promise<DeviceProcess> {
    const device = new DeviceProcess(name);
    try {
      device.engine = await device.request('load', setup, { timeoutMs: withinMs, killAfterMs: 0 });
      return device;
    } catch (error) {
      const { alive } = device;
      device.kill();
      // What a process says of its engine doesn't name the device.
      throw alive ? new OneginError('engine-unavailable', `${name}: ${messageOf(error)}`) : error;
    }
  }

  /** From now on an end for lack of memory is this training's. */
  beginTraining(): void {
    this.#oomKills = new OomKills(this.pid);
  }

  protected override deathError(death: Death): OneginError {
    const { code, message } = deathNotice(
      { ...death, oomKilled: this.#oomKills.happened },
      this.options.name,
    );
    return new OneginError(code, message);
  }
}
