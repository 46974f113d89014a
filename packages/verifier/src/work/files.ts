/** Documents out of the files that were dropped. */
import { type DocumentType, type DocumentTypes, readDocument } from '@sealift/core/document';
import type { Story } from '@sealift/core/journal';
import { verifyManifest } from '@sealift/core/manifest';
import { type VerifiedRoster, verifyRoster } from '@sealift/core/roster';

/** The bytes of a file. */
export async function bytesOf(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}

/** Reads a document of one type. Throws what reading a document throws, with the file's name. */
export async function documentIn<T extends DocumentType>(file: File, type: T): Promise<DocumentTypes[T]> {
  return readDocument(await bytesOf(file), type, file.name).document;
}

/** The dropped roster: the root that everything is verified under, pinned by the person who dropped it. */
export async function rosterIn(file: File): Promise<VerifiedRoster> {
  return verifyRoster(await documentIn(file, 'sealift.roster.v1'));
}

/** A manifest and the roster that it was verified under. */
export interface Evidence {
  readonly manifest: File;
  readonly roster: File;
}

/** Verifies a manifest, completely. @throws the first thing that does not hold */
export async function storyIn({ manifest, roster }: Evidence): Promise<{ story: Story; roster: VerifiedRoster }> {
  const pinned = await rosterIn(roster);
  return { story: verifyManifest(await documentIn(manifest, 'sealift.manifest.v1'), pinned), roster: pinned };
}
