/** `migrate instructions show`: instructions as a page of plain language, signed or not. */
import { resolve } from 'node:path';
import { type ErrorCode, SealiftError } from '@sealift/core';
import { documentDigest } from '@sealift/core/document';
import type { Digest, JobId } from '@sealift/core/ids';
import { checkInstructions, type InstructionsDocument } from '@sealift/core/instructions';
import type { VerifiedRoster } from '@sealift/core/roster';
import { requireOfRoster } from '@sealift/core/signing';
import {
  englishPage,
  frenchPage,
  type Language,
  type Section,
  type SignatureStatus,
  signatureStatus,
} from '@sealift/report';
import { WIDTH, wrap } from '@sealift/report/wrap';
import type { Context } from '../context.ts';
import { readDraftFile } from '../draft-file.ts';
import type { Input } from '../input.ts';
import { languageOf } from '../language-option.ts';
import { emphasised, type Line } from '../line.ts';
import { rosterFor } from '../roster-source.ts';

/** The page, and how far the document can be relied on. */
export interface InstructionsShowResult {
  readonly file: string;
  readonly job: JobId;
  readonly version: number;
  readonly digest: Digest;
  readonly language: Language;
  readonly status: SignatureStatus;
  /** Why the document could not be signed as it is. */
  readonly problem?: { readonly code: ErrorCode; readonly message: string };
  readonly title: string;
  readonly sections: readonly Section[];
}

/** Throws `E_SIG` when a signature doesn't hold, `E_USAGE` for another language, and what reading instructions throws. */
export async function run(input: Input, context: Context): Promise<InstructionsShowResult> {
  const file = input.text('file');
  const language = languageOf(input, context);
  const { document } = await readDraftFile(resolve(context.cwd, file));
  const roster = await rosterIfAny(document, input, context);
  const status = signatureStatus(document, roster);
  const problem = roster === undefined ? undefined : problemOf(document, roster);
  if (problem !== undefined) context.warn(`this can't be signed as it is: ${problem.message} (${problem.code})`);
  const { signed } = document;
  return {
    file,
    job: signed.job,
    version: signed.version,
    digest: documentDigest(signed),
    language,
    status,
    ...(problem === undefined ? {} : { problem }),
    ...(language === 'fr' ? frenchPage({ signed, status }) : englishPage({ signed, status })),
  };
}

/** A page may be read before any roster is pinned; then it says that nothing was checked. */
async function rosterIfAny(
  document: InstructionsDocument,
  input: Input,
  context: Context,
): Promise<VerifiedRoster | undefined> {
  try {
    return await rosterFor(document.signed.lab.id, input, context);
  } catch (error) {
    if (error instanceof SealiftError && error.code === 'E_TRUST') return undefined;
    throw error;
  }
}

function problemOf(document: InstructionsDocument, roster: VerifiedRoster): InstructionsShowResult['problem'] {
  try {
    requireOfRoster(document, roster);
    checkInstructions(document.signed, roster);
    return undefined;
  } catch (error) {
    if (error instanceof SealiftError) return { code: error.code, message: error.message };
    throw error;
  }
}

/** The page, wrapped to 80 columns, items of lists with a hanging indent. */
export function present({ title, sections, digest, status }: InstructionsShowResult): readonly Line[] {
  return [
    emphasised('heading', title),
    ...sections.flatMap((section, index) => [
      '',
      emphasised('heading', section.title),
      ...section.lines.flatMap((line) =>
        index === 0 ? wrapped(line).map((text) => signatureLine(text, status)) : wrapped(line),
      ),
    ]),
    '',
    digest,
  ];
}

function signatureLine(text: string, { state }: SignatureStatus): Line {
  return emphasised(state === 'complete' ? 'good' : state === 'foreign' ? 'bad' : 'caution', text);
}

function wrapped(line: string): string[] {
  const indent = line.startsWith('- ') ? '  ' : '';
  return wrap(line, WIDTH - 4).map((part, index) => `  ${index === 0 ? '' : indent}${part}`);
}
