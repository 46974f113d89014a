/**
 * The pinned rosters of this user: the only root of trust (design §2). Every version that was pinned is kept, so that a running job
 * stays verifiable under the roster it was signed with.
 */
import { join } from 'node:path';
import { SealiftError } from '../errors.ts';
import type { Digest } from '../ids.ts';
import { type LabId, labKey } from '../lab.ts';
import { readableDocument } from '../readable-document.ts';
import { type RosterDocument, type VerifiedRoster, verifyRoster, verifySuccessor } from '../roster.ts';
import { readDocumentFile } from './document-file.ts';
import { namesIn } from './file.ts';
import { makePrivateFolder } from './state-folder.ts';
import { createFile, sweepDead } from './temporary-file.ts';

const LAB_FOLDER = /^(?:finess|siren)-[0-9ab]{9}$/;
const FILE_NAME = /^roster\.(\d{1,7})\.json$/;

/** The rosters below one state folder. */
export class TrustStore {
  readonly #folder: string;

  /** @param state the user's state folder */
  constructor(state: string) {
    this.#folder = join(state, 'trust');
  }

  /** The newest pinned roster of a laboratory. @throws E_TRUST when none is pinned */
  async require(lab: LabId): Promise<VerifiedRoster> {
    const newest = (await this.#versions(labKey(lab))).at(-1);
    if (newest === undefined) {
      throw new SealiftError('E_TRUST', `no roster of laboratory ${labKey(lab)} is pinned on this machine`, {
        hint: 'run "migrate trust add lab.roster.json" after comparing its fingerprint with the laboratory on the phone',
      });
    }
    return newest;
  }

  /** The pinned version with this digest, else the newest. @throws E_TRUST when none is pinned */
  async requireVersion(lab: LabId, digest: Digest): Promise<VerifiedRoster> {
    const versions = await this.#versions(labKey(lab));
    return versions.find((roster) => roster.digest === digest) ?? (await this.require(lab));
  }

  /** The newest pinned roster of every laboratory. @throws E_FILE, and what `verifyRoster` throws of a pinned file that was altered */
  async list(): Promise<VerifiedRoster[]> {
    const labs = (await namesIn(this.#folder)).filter((name) => LAB_FOLDER.test(name));
    const rosters = await Promise.all(labs.map(async (lab) => (await this.#versions(lab)).at(-1)));
    return rosters.filter((roster) => roster !== undefined);
  }

  /**
   * Pins a roster: a laboratory's first, or the successor of the pinned one. Pinning the pinned one again changes nothing.
   * The caller has had the fingerprint compared.
   * @throws what `verifyRoster` and `verifySuccessor` throw
   */
  async pin(document: RosterDocument): Promise<VerifiedRoster> {
    const key = labKey(document.signed.lab.id);
    const path = join(this.#folder, key, `roster.${document.signed.version}.json`);
    const pinned = (await this.#versions(key)).at(-1);
    const roster = verifyRoster(document);
    if (pinned?.digest === roster.digest) {
      await sweepDead(path);
      return pinned;
    }
    if (pinned !== undefined) verifySuccessor(pinned, document);
    await makePrivateFolder(join(this.#folder, key));
    await createFile(path, readableDocument(document));
    return roster;
  }

  async #versions(key: string): Promise<VerifiedRoster[]> {
    const names = await namesIn(join(this.#folder, key));
    const numbers = names.flatMap((name) => FILE_NAME.exec(name)?.[1] ?? []).map(Number);
    const rosters: VerifiedRoster[] = [];
    for (const number of numbers.sort((a, b) => a - b)) {
      const path = join(this.#folder, key, `roster.${number}.json`);
      rosters.push(verifyRoster((await readDocumentFile(path, 'sealift.roster.v1')).document));
    }
    return rosters;
  }
}
