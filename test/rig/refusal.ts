/** What every refused step must leave behind, whatever was wrong (faults: the same seven things for every row). */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ErrorCode, SealiftError } from '@sealift/core';
import type { CommandResult } from '@sealift/demo/actor';
import { expect } from 'vitest';
import { digestsBelow, filesHolding } from './files.ts';
import type { Migration } from './migration.ts';

/** Somebody's step that must fail. */
export interface RefusedStep {
  readonly who: 'lab' | 'vendor' | 'recipient';
  readonly words: readonly string[];
  readonly code: ErrorCode;
  /** Whether the job is known and open, so that the refusal belongs in its journal; of which command. */
  readonly recorded?: string | undefined;
  /** Values of patients that nobody may see outside the source. */
  readonly canaries: readonly string[];
}

/** What a refused step may still write: the refusal itself, that instructions were seen, and sealed files that need not be fetched again. */
const ALLOWED = [
  /^vendor\/jobs\/[a-z0-9-]+\/(?:journal\.jsonl|manifest\.json)$/,
  /^vendor\/(?:other\/)?jobs\/[a-z0-9-]+\/instructions\.\d+\.json$/,
  /^(?:vendor|recipient)\/\.home\/state\/sealift\/ledger\/[a-z0-9-]+\/[a-z0-9-]+\.json$/,
  /^recipient\/received\/\.fetch\/[a-z0-9-]+\.csv\.sealed$/,
];
const PLAINTEXT = /^vendor\/[a-z0-9-]+\.csv$|^recipient\/received\/[a-z0-9-]+\.csv$/;

/** Requires that the step fails as it must, and that nothing else happens. */
export async function expectRefusal(migration: Migration, step: RefusedStep): Promise<CommandResult> {
  const before = await everything(migration);
  const journal = await journalOf(migration);
  const result = await migration.cast[step.who].migrate(step.words);
  const after = await everything(migration);

  const { exitCode } = new SealiftError(step.code, 'as expected');
  expect({ ...result, stdout: '' }).toMatchObject({
    stderr: expect.stringMatching(
      new RegExp(`^(?:note: [^\\n]+\\n)*error: [^A-Z].*[^.] \\(${step.code}\\)\\n(?:place: .+\\n)?hint: .+\\n$`, 's'),
    ),
    exitCode,
  });
  expect(result.stdout).toBe('');
  expect(changes(before, after).filter((file) => !ALLOWED.some((pattern) => pattern.test(file)))).toEqual([]);
  const grown = await journalOf(migration);
  expect(grown.slice(0, journal.length)).toEqual(journal);
  expect(grown.slice(journal.length)).toEqual(
    step.recorded === undefined
      ? []
      : [expect.objectContaining({ kind: 'refusal', step: step.recorded, code: step.code })],
  );
  await expectNothingOfPatients(migration, step.canaries, [...step.words, result.stdout, result.stderr]);
  return result;
}

/** Requires that no canary stands in these texts, in any file that is not plaintext by purpose, or in a file's name. */
async function expectNothingOfPatients(
  migration: Migration,
  canaries: readonly string[],
  texts: readonly string[],
): Promise<void> {
  expect(canaries.length).toBeGreaterThan(20);
  expect(texts.filter((text) => canaries.some((canary) => text.includes(canary)))).toEqual([]);
  const holding: string[] = [];
  for (const [name, folder] of migration.folders()) {
    holding.push(...(await filesHolding(folder, canaries)).map((file) => `${name}/${file}`));
  }
  expect(holding.filter((file) => !PLAINTEXT.test(file))).toEqual([]);
}

/** The statements of the vendor's journal, as far as it can be read. */
async function journalOf(migration: Migration): Promise<unknown[]> {
  const text = await readFile(migration.local('journal.jsonl'), 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { signed: { statement: unknown } }).signed.statement);
}

async function everything(migration: Migration): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const [name, folder] of migration.folders()) {
    for (const [file, digest] of await digestsBelow(folder)) all.set(join(name, file), digest);
  }
  return all;
}

function changes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const files = new Set([...before.keys(), ...after.keys()]);
  return [...files].filter((file) => before.get(file) !== after.get(file));
}
