/** A job of 300 patients on the embedded server, kept at its stages, so that each test begins where it needs to. */
import { copyFile } from 'node:fs/promises';
import type { SecretIdentity } from '@sealift/core/identity';
import type { Cast } from '@sealift/demo/cast';
import { APPROVAL, DELIVERY, extraction, importation, RECEPTION, type Step } from '@sealift/demo/cast';
import { canaries, makeDump, type Truth } from './dump.ts';
import { startEmbedded } from './embedded.ts';
import { identityOf } from './forger.ts';
import { Migration } from './migration.ts';
import { expectRefusal, type RefusedStep } from './refusal.ts';

/** In the order of a job; each is kept after its steps were played. */
const STAGES = ['authorised', 'extracted', 'approved', 'delivered', 'received'] as const;
type Stage = (typeof STAGES)[number];

/** A job that can be put back to a former stage. */
export class SmallJob {
  readonly migration: Migration;
  readonly truth: Truth;
  /** Values of patients that nobody may see outside the source. */
  readonly canaries: readonly string[];
  /** The laboratory's signer. */
  readonly lab: SecretIdentity;

  private constructor(migration: Migration, truth: Truth, values: readonly string[], lab: SecretIdentity) {
    this.migration = migration;
    this.truth = truth;
    this.canaries = values;
    this.lab = lab;
  }

  /** Plays the job up to a stage and keeps that and the stages before it. */
  static async start(last: Stage): Promise<SmallJob> {
    const migration = await Migration.start({ job: 'port-2026', start: startEmbedded });
    const { vendor, lab, recipient } = migration.cast;
    const truth = await makeDump(vendor.folder, '--patients', '300', '--before', '20', '--quirks');
    // A person whom nobody named.
    for (const actor of [vendor, recipient])
      await actor.migrate(['keygen', '--name', 'Stranger', '-o', 'stranger.key.json', '--no-passphrase']);
    const signer = await identityOf(lab, 'lab.key.json', 'passphrase.txt');
    const job = new SmallJob(migration, truth, await canaries(vendor.path('patients.csv')), signer);
    for (const stage of STAGES.slice(0, STAGES.indexOf(last) + 1)) {
      await migration.play(job.#stepsTo(stage));
      await migration.keep(stage);
    }
    return job;
  }

  get cast(): Cast {
    return this.migration.cast;
  }

  /** The words of `migrate imported` that state every row. */
  get allRows(): readonly string[] {
    const { patients, results } = this.truth;
    return ['--rows', `patients=${patients.onOrAfterCutoff}`, '--rows', `results=${results.ofKeptPatients}`];
  }

  /** Requires that a step fails as it must; see {@link expectRefusal}. */
  refuse(step: Omit<RefusedStep, 'canaries'>): ReturnType<typeof expectRefusal> {
    return expectRefusal(this.migration, { ...step, canaries: this.canaries });
  }

  /** The vendor extracts under the instructions that the laboratory signed, once they are back in their place. */
  async extractAfterAll(): Promise<void> {
    await copyFile(this.cast.lab.path('lab.json'), this.cast.vendor.path('lab.json'));
    await this.migration.play(extraction(this.migration.job));
  }

  /** The steps that lead to a stage from the one before it. */
  #stepsTo(stage: Stage): readonly Step[] {
    const steps: Record<Stage, readonly Step[]> = {
      authorised: [],
      extracted: extraction(this.migration.job),
      approved: APPROVAL,
      delivered: DELIVERY,
      received: [...RECEPTION, ...importation(this.allRows)],
    };
    return steps[stage];
  }
}
