/**
 * The transfer as a process of its own: `send` or `receive`, and a JSON file that says where and what. It does what the commands do with
 * sealed files, without the journal.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BackgroundHash } from '@sealift/core/node/digest';
import { keepFreedMemory } from '@sealift/core/node/memory';
import type { FileDigest } from '@sealift/core/statement';
import { connect, fetchSealed, jobPaths, loadSshKey, uploadFiles } from '@sealift/transfer';
import type { OpenSsh } from './open-ssh.ts';

/** What the program reads. */
export interface TransferPlan extends Omit<OpenSsh, 'stop'> {
  /** A folder on the server, below which `<job>/out` exists. */
  readonly folder: string;
  readonly job: string;
  /** The folder here. */
  readonly local: string;
  readonly files: readonly FileDigest[];
}

/** The bench itself wrote it. */
function isPlan(value: unknown): value is TransferPlan {
  return typeof value === 'object' && value !== null && 'files' in value;
}

async function main(how: string, planFile: string): Promise<void> {
  // As the commands do.
  void keepFreedMemory();
  BackgroundHash.prepare();
  const plan: unknown = JSON.parse(await readFile(planFile, 'utf8'));
  if (!isPlan(plan)) throw new Error('not a plan of a transfer');
  const { host, port, hostKey, account, files, local } = plan;
  const key = await loadSshKey({ path: plan.key, expectedPublicKey: plan.publicKey });
  const remote = await connect({ host, port, hostKey, account, key });
  const paths = jobPaths(plan.folder, plan.job);
  if (how === 'send') {
    const toSend = files.map((file) => ({ ...file, local: join(local, file.name), path: paths.outFile(file.name) }));
    await uploadFiles(remote, toSend, { readBack: false });
  } else await fetchSealed({ remote, paths, files, folder: local, onProgress: undefined });
  await remote.close();
}

await main(process.argv[2] ?? '', process.argv[3] ?? '');
