/** What lies on a disk: which files, their digests, and whether one of them holds a text. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Every file below a folder, sorted, by its path from there. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** The SHA-256 of every file below a folder. */
export async function digestsBelow(folder: string): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for (const file of await filesBelow(folder)) {
    digests.set(
      file,
      createHash('sha256')
        .update(await readFile(join(folder, file)))
        .digest('hex'),
    );
  }
  return digests;
}

/** The files below a folder that hold one of these texts (ASCII), in their content or their name. */
export async function filesHolding(folder: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of await filesBelow(folder)) {
    const content = await readFile(join(folder, file));
    if (texts.some((text) => file.includes(text) || content.includes(text))) found.push(file);
  }
  return found;
}
