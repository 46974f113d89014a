/** `migrate report`: what a manifest says, as a page for people, on paper too, and its tables for a spreadsheet (F21). */
import { mkdir } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { digestOf } from '@sealift/core';
import { type Outcome, outcomeOf } from '@sealift/core/claims';
import type { Digest, JobId } from '@sealift/core/ids';
import { createFile, fileError } from '@sealift/core/node';
import { type Language, type ReportSource, reportHtml, reportTables, wordsOf } from '@sealift/report';
import { printPdf } from '../chromium.ts';
import type { Context } from '../context.ts';
import { requireFree } from '../free-name.ts';
import type { Input } from '../input.ts';
import { languageOf } from '../language-option.ts';
import { emphasised, type Line } from '../line.ts';
import { requireKept, verifiedManifest } from '../manifest-source.ts';
import { readRecounts } from '../recount-file.ts';
import { spreadsheetOf } from '../spreadsheet.ts';

/** A file that was written. */
interface WrittenFile {
  readonly file: string;
  readonly bytes: number;
  readonly digest: Digest;
}

/** The report. */
export interface ReportResult extends WrittenFile {
  readonly job: JobId;
  readonly outcome: Outcome;
  readonly language: Language;
  readonly tables: readonly WrittenFile[];
}

/** Throws E_EXISTS, E_BROWSER, E_USAGE, and what reading and verifying a manifest throws. */
export async function run(input: Input, context: Context): Promise<ReportResult> {
  const language = languageOf(input, context);
  const verified = await verifiedManifest(input, context);
  const witness = await requireKept(verified, input, context);
  const { story } = verified;
  const recomputed = input.optional('recomputed');
  const source: ReportSource = {
    story,
    language,
    ...(recomputed === undefined
      ? {}
      : { recomputed: await readRecounts(resolve(context.cwd, recomputed), story.chain.job) }),
    checked: {
      at: context.now(),
      roster: input.optional('lab') === undefined ? 'pinned' : 'given',
      ...(witness === undefined ? {} : { witness }),
    },
  };
  const output = input.text('output');
  const tables = tablesIn(input.optional('csv'), source);
  for (const file of [output, ...tables.map(({ name }) => name)]) await requireFree(resolve(context.cwd, file));
  const report = await written(output, await bytesOf(source, output, context), context);
  const folder = input.optional('csv');
  if (folder !== undefined) await makeFolder(resolve(context.cwd, folder));
  const files: WrittenFile[] = [];
  for (const { name, bytes } of tables) files.push(await written(name, bytes, context));
  return { job: story.chain.job, outcome: outcomeOf(story), language, ...report, tables: files };
}

async function bytesOf(source: ReportSource, output: string, { cwd, env }: Context): Promise<Uint8Array> {
  const html = reportHtml(source);
  if (extname(output).toLowerCase() !== '.pdf') return new TextEncoder().encode(html);
  return printPdf(html, resolve(cwd, output), env);
}

function tablesIn(
  folder: string | undefined,
  source: ReportSource,
): { readonly name: string; readonly bytes: Uint8Array }[] {
  if (folder === undefined) return [];
  return reportTables(source).map((table) => ({
    name: join(folder, `${table.name}.csv`),
    bytes: spreadsheetOf(table, source.language),
  }));
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true }).catch((cause: unknown) => {
    throw fileError(cause, 'writing', path);
  });
}

async function written(file: string, bytes: Uint8Array, { cwd }: Context): Promise<WrittenFile> {
  await createFile(resolve(cwd, file), bytes, 0o644);
  return { file, bytes: bytes.length, digest: digestOf(bytes) };
}

/** Where it is, and how the job came out. */
export function present({ job, file, outcome, tables }: ReportResult): readonly Line[] {
  return [
    `report of job ${job} written to ${file}`,
    emphasised(outcome === 'complete' ? 'good' : 'caution', `the job is ${wordsOf('en').outcomes[outcome]}`),
    ...tables.map((table) => `table written to ${table.file}`),
  ];
}
