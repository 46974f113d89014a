/** `migrate plan`: the procedure of a job, step by step, out of its instructions (F20). */
import { basename, resolve } from 'node:path';
import { documentDigest } from '@sealift/core/document';
import type { Digest, JobId } from '@sealift/core/ids';
import { checkInstructions } from '@sealift/core/instructions';
import { requireOfRoster } from '@sealift/core/signing';
import { type Language, type PlanAction, type PlannedStep, planOf, planWords } from '@sealift/report';
import { WIDTH, wrap } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { readDraftFile } from '../draft-file.ts';
import type { Input } from '../input.ts';
import { languageOf } from '../language-option.ts';
import { emphasised, type Line } from '../line.ts';
import { rosterFor } from '../roster-source.ts';

/** A step with its words. */
export interface ShownStep extends PlannedStep {
  readonly title: string;
  readonly recorded: string;
}

/** The plan. */
export interface PlanResult {
  readonly file: string;
  readonly job: JobId;
  readonly version: number;
  readonly digest: Digest;
  readonly language: Language;
  readonly steps: readonly ShownStep[];
}

/** Throws E_TRUST without a roster, E_LAB for another one, and what reading and checking instructions throws. */
export async function run(input: Input, context: Context): Promise<PlanResult> {
  const file = input.text('file');
  const language = languageOf(input, context);
  const { document } = await readDraftFile(resolve(context.cwd, file));
  const { signed } = document;
  const roster = await rosterFor(signed.lab.id, input, context);
  requireOfRoster(document, roster);
  checkInstructions(signed, roster);
  const words = planWords(language);
  return {
    file,
    job: signed.job,
    version: signed.version,
    digest: documentDigest(signed),
    language,
    steps: planOf(signed, roster, basename(file)).map((step) => ({
      ...step,
      title: words.steps[step.step],
      recorded: words.recorded[step.step],
    })),
  };
}

const INDENT = '   ';

/** Each step with who, when, what is typed and what is recorded. */
export function present({ job, language, steps }: PlanResult): readonly Line[] {
  const words = planWords(language);
  return [
    emphasised('heading', words.title(job)),
    ...words.preface.flatMap((text) => wrap(text, WIDTH)),
    ...steps.flatMap((step, index) => presentStep(step, index + 1, language)),
  ];
}

function presentStep(step: ShownStep, number: number, language: Language): Line[] {
  const words = planWords(language);
  const role = words.roles[step.role];
  const who = step.who.length === 0 ? role : words.labelled(role, step.who.join(', '));
  const when = words.when(step);
  const labelled = (label: string, text: string): string[] =>
    wrap(words.labelled(label, text), WIDTH - 2 * INDENT.length).map(
      (line, index) => `${INDENT}${index === 0 ? '' : INDENT}${line}`,
    );
  return [
    '',
    emphasised('heading', `${String(number).padStart(2)} ${step.title}`),
    ...labelled(words.labels.who, who),
    ...(when === undefined ? [] : labelled(words.labels.when, when)),
    ...step.actions.map((action) => presentAction(action, language)),
    ...labelled(words.labels.recorded, step.recorded),
  ];
}

/** A command stays on one line, to be copied; whose it is stands behind it, as a comment of the shell. */
function presentAction(action: PlanAction, language: Language): string {
  const words = planWords(language);
  if ('file' in action) return `${INDENT}  ${words.hand(action)}`;
  return `${INDENT}  $ ${action.command.join(' ')}    # ${words.roles[action.role]}`;
}
