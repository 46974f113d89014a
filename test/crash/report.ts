/** Crash points of a step on several stages at once, with progress and one line for each that went wrong. */
import { type Crash, Crashes, pointsOf, type Reference, referenceOf } from './matrix.ts';
import { type CrashPoint, nameOf } from './operation.ts';
import type { Scene } from './scene.ts';

/** What came of a step. */
export interface StepReport {
  readonly step: string;
  readonly operations: number;
  readonly crashes: readonly Crash[];
}

/** Which of a step's crash points are tried. */
export type Choice = (points: readonly CrashPoint[], step: string) => readonly CrashPoint[];

const PROGRESS_EVERY = 100;

/** Tries the chosen crash points of a step, one at a time on each stage. */
export async function tryStep(scenes: readonly Scene[], name: string, choose: Choice): Promise<StepReport> {
  const stages = await Promise.all(scenes.map((scene) => prepare(scene, name)));
  const [first] = stages;
  if (first === undefined) throw new Error('there is no stage');
  const points = [...choose(pointsOf(first.reference), name)];
  const total = points.length;
  const known = new Set<string>();
  const crashes: Crash[] = [];
  await Promise.all(
    stages.map(async ({ scene, step, reference }) => {
      const here = new Crashes(scene, step, reference, known);
      for (let point = points.shift(); point !== undefined; point = points.shift()) {
        const crash = await here.crash(point);
        crashes.push(crash);
        if (crash.wrong.length > 0) say(describe(name, crash));
        if (crashes.length % PROGRESS_EVERY === 0) say(`${name}: ${crashes.length} of ${total}`);
      }
    }),
  );
  const report = { step: name, operations: first.reference.operations.length, crashes };
  say(summaryOf(report));
  return report;
}

async function prepare(
  scene: Scene,
  name: string,
): Promise<{ scene: Scene; step: Scene['story'][number]; reference: Reference }> {
  const step = scene.story.find((candidate) => candidate.name === name);
  if (step === undefined) throw new Error(`the story has no step ${name}`);
  return { scene, step, reference: await referenceOf(scene, step) };
}

/** The crash points of a step that went wrong, each as the command that repeats it. */
export function failuresOf({ step, crashes }: StepReport): string[] {
  return crashes.filter(({ wrong }) => wrong.length > 0).map(({ point }) => commandFor(step, point));
}

const commandFor = (step: string, point: CrashPoint): string => `npm run crash -- --step ${step} --at ${nameOf(point)}`;

function describe(step: string, { point, wrong }: Crash): string {
  const { name, subject, site } = point.operation;
  return [`${commandFor(step, point)}   (${name} ${subject}, ${site})`, ...wrong.map((line) => `    ${line}`)].join(
    '\n',
  );
}

/** One line of figures. */
export function summaryOf({ step, operations, crashes }: StepReport): string {
  const count = (test: (crash: Crash) => boolean): number => crashes.filter(test).length;
  return [
    `${step}: ${operations} operations, ${crashes.length} crash points`,
    `${count(({ fired }) => fired)} met`,
    `${count(({ known }) => !known)} states of the disk run again`,
    `${count(({ wrong }) => wrong.length > 0)} wrong`,
  ].join(', ');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
