/** Delivery: every sealed file and the sealed manifest go to the server of the instructions; then the journal says so (design §7). */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf, SealiftError } from '@sealift/core';
import type { Signer } from '@sealift/core/document';
import type { UtcTime } from '@sealift/core/ids';
import { requireInForce, requireRecipients } from '@sealift/core/instructions';
import { procedureOf, requireAllowed, SEALED_MANIFEST_NAME } from '@sealift/core/journal';
import { makeManifest } from '@sealift/core/manifest';
import { createFile, fileError, lookAt, readBounded } from '@sealift/core/node';
import type { Job } from '@sealift/core/node/workspace';
import type { CheckResult, DeliveredFile, Delivery, FileDigest } from '@sealift/core/statement';
import { notRecorded } from './not-recorded.ts';
import type { Remote } from './remote.ts';
import type { RemotePath } from './remote-path.ts';
import { pathsOf, sealManifest } from './sealed-statement.ts';
import { uploadFiles } from './upload-files.ts';

const MANIFEST_BYTES = 65 << 20;

/** What {@link deliver} needs. */
export interface DeliveryOptions {
  readonly job: Job;
  readonly remote: Remote;
  readonly signer: Signer;
  readonly now: () => UtcTime;
  /** What the doctor found, for the statement; those that failed keep the caller from here. */
  readonly checks: readonly CheckResult[];
  /** Called with the bytes of all files that lie on the server now, and how many they will be. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/**
 * Whether a delivery may begin: the state, the approval where it is required, the times, the recipients.
 * @throws E_STATE, E_WAITING, E_TIME, E_CONTRACT, E_REVOKED
 */
export function requireDeliverable({ story, instructions }: Job, at: UtcTime): void {
  requireAllowed('delivery', story.progress, procedureOf(instructions));
  requireInForce(instructions, at);
  requireRecipients(instructions, at);
}

/**
 * Uploads the files of a job and appends the delivery. Run again after a crash, it completes what is missing: a final name
 * with our exact size and digest is done. Nothing is uploaded before every file here is the one that the extraction recorded, and every
 * name there is free or holds a file of its size.
 * @throws as {@link requireDeliverable}, E_EXISTS, E_MISMATCH, E_REMOTE
 */
export async function deliver(options: DeliveryOptions): Promise<Delivery> {
  const { job, remote, now, checks } = options;
  requireDeliverable(job, now());
  const { instructions } = job;
  const paths = pathsOf(instructions);
  for (const file of extractedFiles(job)) await requireAsExtracted(job, file);
  for (const folder of [paths.job, paths.out, paths.in]) await remote.makeFolder(folder);
  await Promise.all(extractedFiles(job).map((file) => requireFreeOrSame(remote, paths.outFile(file.name), file)));
  const files = await sendAll(options, await sealedManifest(options));
  const { host, port, address, hostKey, account, sshKey, kex, cipher, mac } = remote.session;
  const server = { host, port, address, hostKey };
  const session = { kex, cipher, mac };
  const statement: Delivery = { kind: 'delivery', server, account, sshKey, session, files, checks };
  await job.append(statement);
  return statement;
}

/** The manifest comes last: a recipient that finds it finds the rest. */
async function sendAll({ job, remote, onProgress }: DeliveryOptions, manifest: Uint8Array): Promise<DeliveredFile[]> {
  const { endpoint } = job.instructions.signed;
  const paths = pathsOf(job.instructions);
  const files = extractedFiles(job).map((file) => ({
    ...file,
    local: join(job.out, file.name),
    path: paths.outFile(file.name),
  }));
  const before = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const reporting = (from: number) => ({
    readBack: endpoint.readBack,
    onProgress: (bytes: number) => onProgress?.(from + bytes, before + manifest.length),
  });
  const sent = await uploadFiles(remote, files, reporting(0));
  const { readBack } = await remote.writeSmall(paths.outFile(SEALED_MANIFEST_NAME), manifest, reporting(before));
  const last = { name: SEALED_MANIFEST_NAME, bytes: manifest.length, digest: digestOf(manifest), readBack };
  return [...sent, last];
}

/** Before anything is sent, so that of files that belong together none leaves alone. @throws E_NOT_FOUND, E_MISMATCH, E_FILE */
async function requireAsExtracted(job: Job, { name, bytes, digest }: FileDigest): Promise<void> {
  const path = join(job.out, name);
  const found = await lookAt(path);
  if (found === undefined) {
    throw new SealiftError('E_NOT_FOUND', `there is no ${path}`, {
      hint: 'nothing was sent; restore it from a backup, or ask the laboratory for instructions with a new job id',
    });
  }
  if (!found.isFile() || found.size !== bytes || (await fileDigest(path)) !== digest) throw notRecorded(name);
}

async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      if (chunk instanceof Uint8Array) hash.update(chunk);
    }
  } catch (cause) {
    throw fileError(cause, 'reading', path);
  }
  return `sha256:${hash.digest('hex')}`;
}

/** A file of the same size is compared when its turn comes. @throws E_EXISTS, E_REMOTE */
async function requireFreeOrSame(remote: Remote, path: RemotePath, { name, bytes }: FileDigest): Promise<void> {
  const found = await remote.lstat(path);
  if (found === undefined || (found.kind === 'file' && found.bytes === bytes)) return;
  throw new SealiftError('E_EXISTS', `the server holds something else under ${name}, and nothing is overwritten`, {
    hint: "nothing was sent; let the server's administrator look at it and move it away",
  });
}

function extractedFiles({ story }: Job): FileDigest[] {
  return (story.progress.extraction?.statement.datasets ?? []).map(({ file }) => file);
}

/**
 * The sealed manifest in the out folder. Sealing is random, so that one which a former run has uploaded already must be used
 * again; any other is made anew from the present story.
 */
async function sealedManifest({ job, remote, signer, now }: DeliveryOptions): Promise<Uint8Array> {
  const path = join(job.out, SEALED_MANIFEST_NAME);
  const local = await lookAt(path);
  const uploaded = await remote.lstat(pathsOf(job.instructions).outFile(SEALED_MANIFEST_NAME));
  if (local !== undefined && !local.isFile()) {
    throw new SealiftError('E_EXISTS', `${path} is not a regular file`, { hint: 'somebody planted it: remove it' });
  }
  if (local !== undefined && uploaded === undefined) await unlink(path);
  if (local === undefined || uploaded === undefined) {
    await createFile(path, sealManifest(makeManifest(job.story, signer, now()), job.instructions), 0o644);
  }
  return readBounded(path, MANIFEST_BYTES);
}
