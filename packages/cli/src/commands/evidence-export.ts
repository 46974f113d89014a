/** `migrate evidence export`: one archive for an auditor, without patient data (F18, F43). */
import { join, resolve } from 'node:path';
import { digestOf, ready, SealiftError } from '@sealift/core';
import { readDocument } from '@sealift/core/document';
import type { Digest } from '@sealift/core/ids';
import { verifyManifest } from '@sealift/core/manifest';
import { createFile, readBounded } from '@sealift/core/node';
import { evidenceFiles } from '@sealift/report';
import { zipSync } from 'fflate';
import type { Context } from '../context.ts';
import type { Input } from '../input.ts';
import { jobFolderOf } from '../job-source.ts';
import type { Line } from '../line.ts';
import { packagedFile } from '../package-folder.ts';
import { rosterFor } from '../roster-source.ts';

/** The archive. */
export interface EvidenceExportResult {
  readonly job: string;
  readonly file: string;
  readonly bytes: number;
  readonly digest: Digest;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly digest: Digest }[];
}

const MANIFEST_BYTES = 64 << 20;
const PAGE_BYTES = 16 << 20;

/** The first day that a ZIP archive can name: the same evidence gives the same bytes, whenever and wherever it is exported. */
const NO_DATE = new Date(1980, 0, 1);

/** Throws E_EXISTS, E_USAGE, and what reading and verifying a manifest throws. */
export async function run(input: Input, context: Context): Promise<EvidenceExportResult> {
  await ready();
  const path = await manifestPath(input, context);
  const manifest = await readBounded(path, MANIFEST_BYTES);
  const { document } = readDocument(manifest, 'sealift.manifest.v1', path);
  const roster = await rosterFor(document.roster.signed.lab.id, input, context);
  const story = verifyManifest(document, roster);
  const page = await readBounded(packagedFile('sealift.html'), PAGE_BYTES);
  const byHand = await readBounded(packagedFile('verify-by-hand.md'), PAGE_BYTES);
  const files = evidenceFiles({ manifest, story, roster, page, byHand });
  const bytes = zipSync(Object.fromEntries(files.map((file) => [file.name, file.bytes])), { mtime: NO_DATE, level: 9 });
  const output = input.text('output');
  await createFile(resolve(context.cwd, output), bytes, 0o644);
  return {
    job: story.chain.job,
    file: output,
    bytes: bytes.length,
    digest: digestOf(bytes),
    files: files.map(({ name, bytes: content }) => ({ name, bytes: content.length, digest: digestOf(content) })),
  };
}

/** The file that was named, else the manifest of the workspace's job. */
async function manifestPath(input: Input, context: Context): Promise<string> {
  const named = input.optional('manifest');
  if (named === undefined) return join(await jobFolderOf(input, context), 'manifest.json');
  if (input.optional('job') === undefined) return resolve(context.cwd, named);
  throw new SealiftError('E_USAGE', 'the manifest is named by its file and by --job', { hint: 'name it in one way' });
}

/** What lies in it. */
export function present({ job, file, digest, files }: EvidenceExportResult): readonly Line[] {
  return [
    `evidence of job ${job} written to ${file}: ${files.length} files, no patient data`,
    `digest:  ${digest}`,
    ...files.map(({ name }) => `  ${name}`),
    'next:    give it to the auditor; README.txt says how to verify it, in French and English',
  ];
}
