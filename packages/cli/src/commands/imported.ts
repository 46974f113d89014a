/** `migrate imported`: states how many rows of each dataset were loaded into the new system. */
import { join, relative, resolve } from 'node:path';
import { ready, SealiftError } from '@sealift/core';
import { parseDatasetName } from '@sealift/core/ids';
import { requireRecipient } from '@sealift/core/instructions';
import { currentInstructions } from '@sealift/core/journal';
import { verifyManifest } from '@sealift/core/manifest';
import { lookAt, readDocumentFile } from '@sealift/core/node';
import type { DatasetRows } from '@sealift/core/statement';
import { MANIFEST_FILE, RECEIPT_FILE, sendImport, stateImport } from '@sealift/transfer';
import type { Context } from '../context.ts';
import { closedIdentity } from '../identity-source.ts';
import type { Input } from '../input.ts';
import { trustOf } from '../job-source.ts';
import { emphasised, type Line } from '../line.ts';
import { withRemote } from '../remote-source.ts';
import { number } from '../table.ts';

/** The rows of a dataset: those that were loaded, and those that were received. */
export interface LoadedDataset extends DatasetRows {
  readonly received: number;
}

/** What was stated. */
export interface ImportedResult {
  readonly job: string;
  readonly datasets: readonly LoadedDataset[];
  readonly statement: string;
  /** Whether it was put on the server; otherwise the file goes to the processor another way. */
  readonly sent: boolean;
}

/** Throws E_USAGE, E_COUNT, E_ROLE and what verifying the manifest and connecting throw. */
export async function run(input: Input, context: Context): Promise<ImportedResult> {
  await ready();
  const rows = input.list('rows').map(readRows);
  const folder = resolve(context.cwd, input.optional('from') ?? '.');
  if ((await lookAt(join(folder, MANIFEST_FILE))) === undefined) {
    throw new SealiftError('E_NOT_FOUND', `no job was received in ${folder}`, {
      hint: 'name the folder that "migrate receive" filled: --from <folder>',
    });
  }
  const { document: manifest } = await readDocumentFile(join(folder, MANIFEST_FILE), 'sealift.manifest.v1');
  const { lab } = manifest.roster.signed;
  const digest = manifest.instructions.at(-1)?.signed.roster;
  const { rosters } = trustOf(context);
  const story = verifyManifest(
    manifest,
    digest === undefined ? await rosters.require(lab.id) : await rosters.requireVersion(lab.id, digest),
  );
  const instructions = currentInstructions(story);
  const identity = await closedIdentity(input, context);
  const { entry } = requireRecipient(instructions, identity.fingerprint, context.now());
  const secret = await identity.open();
  try {
    const by = { secret, rows, now: () => context.now() };
    const sent = !input.flag('offline');
    const statement = sent
      ? await withRemote(instructions, entry, { input, context }, (remote) => sendImport(remote, folder, story, by))
      : await stateImport(folder, story, by);
    const datasets = await besideReceived(folder, statement.signed.datasets);
    warnOfMissing(datasets, context);
    return {
      job: instructions.signed.job,
      datasets,
      statement: relative(context.cwd, join(folder, 'import.json')),
      sent,
    };
  } finally {
    secret.wipe();
  }
}

async function besideReceived(folder: string, stated: readonly DatasetRows[]): Promise<LoadedDataset[]> {
  const { document: receipt } = await readDocumentFile(join(folder, RECEIPT_FILE), 'sealift.receipt.v1');
  const received = new Map(receipt.signed.datasets.map(({ dataset, rows }) => [dataset, rows]));
  return stated.map(({ dataset, rows }) => ({ dataset, rows, received: received.get(dataset) ?? rows }));
}

/** Such a statement is signed, and does not count: who reads only that it was signed would wait for a purge that never comes. */
function warnOfMissing(datasets: readonly LoadedDataset[], context: Context): void {
  for (const { dataset, rows, received } of datasets) {
    if (rows >= received) continue;
    context.warn(
      `${number(received - rows)} of ${number(received)} rows of ${dataset} are not loaded: where the import gates it, nothing is purged before a statement of all of them (E_COUNT)`,
    );
  }
}

function readRows(text: string): DatasetRows {
  const [, dataset, rows] = /^([^=]+)=(\d{1,15})$/.exec(text) ?? [];
  if (dataset === undefined || rows === undefined) {
    throw new SealiftError('E_USAGE', '--rows is written as dataset=number', {
      hint: 'for example --rows patients=120873',
    });
  }
  return { dataset: parseDatasetName(dataset), rows: Number(rows) };
}

/** What was stated, and where. */
export function present({ job, datasets, statement, sent }: ImportedResult): readonly Line[] {
  return [
    emphasised('good', `the import of job ${job} is signed${sent ? ' and put on the server' : ''}`),
    ...datasets.map(presentDataset),
    sent ? `statement:  ${statement}` : `statement:  ${statement}; send it to the processor, who runs "migrate accept"`,
  ];
}

function presentDataset({ dataset, rows, received }: LoadedDataset): Line {
  const line = `  ${dataset}: ${number(rows)} rows loaded`;
  return rows < received ? emphasised('caution', `${line}, of ${number(received)} received`) : line;
}
