/**
 * The `.part` of an upload: new, or what a former run left there. What it left counts as far as it was read back and found equal to
 * the local file; nothing else of it does (design §7, fault 53).
 */

import { SealiftError } from '@sealift/core';
import { ContentHash } from './content-hash.ts';
import { occupied } from './occupied.ts';
import type { RemotePath } from './remote-path.ts';
import type { SftpChannel } from './sftp-channel.ts';
import type { SftpChannels } from './sftp-channels.ts';
import { closeEach, openEach } from './sftp-download.ts';
import { type ByteSource, type OpenFiles, readBlocks } from './sftp-transfer.ts';

/** A `.part` that is open for writing. */
export interface OpenPart {
  readonly files: OpenFiles;
  /** Bytes from the beginning that are there already, and equal. */
  readonly from: number;
  /** Has had these bytes. */
  readonly hash: ContentHash;
}

/** What is to lie there. */
interface Wanted {
  readonly source: ByteSource;
  readonly bytes: number;
}

/**
 * Opens the `.part`, on several channels for a large file.
 * @throws E_EXISTS when something else than a file has the name, a symbolic link included; E_REMOTE, and what the source throws
 */
export async function openPart(channels: SftpChannels, part: RemotePath, wanted: Wanted): Promise<OpenPart> {
  const [first, ...others] = await channels.forBytes(wanted.bytes);
  const resumed = await createOrResume(first, part, wanted);
  if (others.length === 0) return resumed;
  const [, ...more] = await openEach([first, ...others], (channel) =>
    channel === first ? Promise.resolve(resumed.files[0].handle) : channel.openToWrite(part),
  );
  return { ...resumed, files: [resumed.files[0], ...more] };
}

async function createOrResume(channel: SftpChannel, part: RemotePath, wanted: Wanted): Promise<OpenPart> {
  try {
    return await created(channel, part, wanted);
  } catch (error) {
    const found = await channel.lstat(part);
    if (found === undefined) throw error;
    if (found.kind !== 'file') throw occupied(part, 'not a file');
    const resumed = found.bytes > wanted.bytes ? undefined : await resume(channel, part, wanted);
    if (resumed !== undefined) return resumed;
  }
  await channel.remove(part);
  return created(channel, part, wanted);
}

async function created(channel: SftpChannel, part: RemotePath, { bytes }: Wanted): Promise<OpenPart> {
  return { files: [{ channel, handle: await channel.create(part) }], from: 0, hash: new ContentHash(bytes) };
}

/** Undefined when not even the first chunk is ours: then it is another file's. */
async function resume(channel: SftpChannel, part: RemotePath, wanted: Wanted): Promise<OpenPart | undefined> {
  const files: OpenFiles = [{ channel, handle: await channel.openToWrite(part) }];
  try {
    // Opening follows links: it must have been a file before and still be one.
    if ((await channel.lstat(part))?.kind !== 'file') throw occupied(part, 'not a file');
    const { bytes } = await channel.fstat(part, files[0].handle);
    const hash = new ContentHash(wanted.bytes);
    const from = bytes > wanted.bytes ? 0 : await equalPrefix(files, part, { ...wanted, bytes }, hash);
    if (from > 0) return { files, from, hash };
    hash.drop();
  } catch (error) {
    await closeEach(part, files);
    throw error;
  }
  await closeEach(part, files);
  return undefined;
}

/** How many bytes from the beginning are equal to the local file's, in whole chunks; `hash` gets them. */
async function equalPrefix(
  files: OpenFiles,
  part: RemotePath,
  { source, bytes }: Wanted,
  hash: ContentHash,
): Promise<number> {
  let equal = 0;
  for await (const chunk of readBlocks(part, files, { from: 0, bytes })) {
    const local = Buffer.allocUnsafe(chunk.length);
    if ((await source(local, equal)) !== local.length) {
      throw new SealiftError('E_MISMATCH', 'the local file became shorter while it was sent');
    }
    if (!local.equals(chunk)) break;
    hash.update(local);
    equal += chunk.length;
  }
  return equal;
}
