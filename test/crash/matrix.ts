/** The crash matrix: a step of the story with one operation gone wrong, and what the same command makes of it afterwards. */
import { type Disk, diskOf, knownOf, likenessOf, wrongAfter, wrongJournal } from './examine.ts';
import { type CrashPoint, nameOf, type Operation } from './operation.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import type { Ended, Scene } from './scene.ts';
import type { CrashStep } from './story.ts';

/** What came of one crash point. */
export interface Crash {
  readonly point: CrashPoint;
  /** Whether the operation was reached, and met its fault. */
  readonly fired: boolean;
  /** Whether the disk was left as by a former crash of this step, whose rerun showed what follows. */
  readonly known: boolean;
  /** What is wrong; nothing where all is well. */
  readonly wrong: readonly string[];
}

/** One step without a fault: what it does, and what it leads to. */
export interface Reference {
  readonly operations: readonly Operation[];
  readonly before: Disk;
  readonly outcome: Outcome;
}

/** Plays a step and what comes next without a fault. */
export async function referenceOf(scene: Scene, step: CrashStep): Promise<Reference> {
  await scene.goTo(step);
  const before = await diskOf(scene);
  const { operations, exitCode, stderr } = await scene.run(step);
  if (exitCode !== 0) throw new Error(`${step.name} ended with ${exitCode}: ${stderr}`);
  await scene.migration.play(step.next);
  return { operations, before, outcome: await outcomeOf(scene.migration) };
}

/** Every operation of a step with every fault that it can meet. */
export function pointsOf({ operations }: Reference): CrashPoint[] {
  return operations.flatMap((operation) => operation.faults.map((fault) => ({ operation, fault })));
}

/** Crashes of one step. */
export class Crashes {
  readonly #scene: Scene;
  readonly #step: CrashStep;
  readonly #reference: Reference;
  /** States of the disk whose rerun ended well. */
  readonly #seen: Set<string>;

  /** @param seen states of the disk that other crashes of this step have shown, to be added to */
  constructor(scene: Scene, step: CrashStep, reference: Reference, seen: Set<string>) {
    this.#scene = scene;
    this.#step = step;
    this.#reference = reference;
    this.#seen = seen;
  }

  /** Lets one operation go wrong, then runs the same command again, and what comes next. */
  async crash(point: CrashPoint): Promise<Crash> {
    const { ended, known, wrong } = await this.endedBy(() => this.#scene.run(this.#step, nameOf(point)));
    const fired = ended.operations.some(({ fault }) => fault !== undefined);
    const failed = point.fault === 'short' && ended.exitCode !== 0;
    const more = failed ? [`a short write is no fault: ${ended.stderr}`] : [];
    return { point, fired, known, wrong: [...more, ...wrong] };
  }

  /** Lets the command end in some way, then runs it again, and what comes next. */
  async endedBy(run: () => Promise<Ended>): Promise<Pick<Crash, 'known' | 'wrong'> & { readonly ended: Ended }> {
    const scene = this.#scene;
    await scene.goTo(this.#step);
    const before = await diskOf(scene);
    const former = await knownOf(scene);
    const ended = await run();
    const after = await diskOf(scene);
    const wrong = await wrongAfter(scene, before, after, ended);
    const likeness = likenessOf(before, after);
    const known = this.#seen.has(likeness);
    if (!known) {
      wrong.push(...(await this.#rerun(ended.exitCode === 0, [former, await knownOf(scene)])));
      if (wrong.length === 0) this.#seen.add(likeness);
    }
    return { ended, known, wrong };
  }

  async #rerun(succeeded: boolean, known: Parameters<typeof wrongJournal>[1]): Promise<string[]> {
    const scene = this.#scene;
    const step = this.#step;
    const wrong: string[] = [];
    if (!succeeded || step.done === undefined) {
      const { exitCode, stderr } = await scene.run(step);
      const done = step.done !== undefined && exitCode !== 0 && stderr.includes(`(${step.done})`);
      if (exitCode !== 0 && !done) return [`run again, it ends with ${exitCode}: ${stderr}`];
    }
    try {
      await scene.migration.play(step.next);
    } catch (error) {
      return [`what comes next fails: ${error instanceof Error ? error.message : String(error)}`];
    }
    wrong.push(...(await wrongJournal(scene, known)));
    wrong.push(...differences(this.#reference.outcome, await outcomeOf(scene.migration)));
    return wrong;
  }
}

/** The lock of a dead process, where nothing is left to do: whoever takes it next sweeps it. */
const HARMLESS =
  /^vendor\/(?:\.home\/state\/sealift\/ledger\/[a-z0-9-]+|jobs\/[a-z0-9-]+)\/(?:lock|\.lock-\d+-[0-9a-f-]{36})$/;

function differences(expected: Outcome, found: Outcome): string[] {
  const members = Object.keys(expected) as (keyof Outcome)[];
  return members.flatMap((member) => {
    const [one, other] = [expected[member], found[member]];
    if (JSON.stringify(one) === JSON.stringify(other)) return [];
    if (member !== 'files') return [`${member}: ${JSON.stringify(other)} instead of ${JSON.stringify(one)}`];
    const more = found.files.filter((file) => !expected.files.includes(file) && !HARMLESS.test(file));
    const less = expected.files.filter((file) => !found.files.includes(file));
    return more.length + less.length === 0
      ? []
      : [`files: ${[...more.map((file) => `left ${file}`), ...less.map((file) => `no ${file}`)].join(', ')}`];
  });
}
