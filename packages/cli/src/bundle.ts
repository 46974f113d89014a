/** The sealed files of a folder, held against the digests of a manifest. Nothing is opened: no key is needed. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SealiftError } from '@sealift/core';
import type { Story } from '@sealift/core/journal';
import type { FileDigest } from '@sealift/core/statement';

/** One file: as the manifest names it, another than that, not there, or there without being named. */
export interface BundleFile {
  readonly name: string;
  readonly found: 'same' | 'altered' | 'missing' | 'extra';
}

/**
 * Checks every sealed file that the extraction and the delivery name, and looks for others (`*.sealed`).
 * @throws E_FILE when the folder or a file can't be read
 */
export async function checkBundle(folder: string, { progress }: Story): Promise<BundleFile[]> {
  const named = new Map<string, FileDigest>();
  for (const { file } of progress.extraction?.statement.datasets ?? []) named.set(file.name, file);
  for (const file of progress.delivery?.files ?? []) named.set(file.name, file);
  const present = await sealedNames(folder);
  const checked: BundleFile[] = [];
  for (const [name, file] of named) {
    checked.push({ name, found: present.has(name) ? await compare(join(folder, name), file) : 'missing' });
  }
  const extra = [...present].filter((name) => !named.has(name)).sort();
  return [...checked, ...extra.map((name): BundleFile => ({ name, found: 'extra' }))];
}

async function sealedNames(folder: string): Promise<Set<string>> {
  try {
    return new Set((await readdir(folder)).filter((name) => name.endsWith('.sealed')));
  } catch (cause) {
    throw new SealiftError('E_FILE', `the folder ${folder} can't be read`, { cause });
  }
}

async function compare(path: string, { bytes, digest }: FileDigest): Promise<'same' | 'altered'> {
  try {
    const found = await lstat(path);
    if (!found.isFile() || found.size !== bytes) return 'altered';
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path))
      hash.update(Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));
    return `sha256:${hash.digest('hex')}` === digest ? 'same' : 'altered';
  } catch (cause) {
    throw new SealiftError('E_FILE', `${path} can't be read`, { cause });
  }
}
