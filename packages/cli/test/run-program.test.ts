/** Programs of the user's: what they are given, and what of their end is a failure. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ProgramInput, runProgram } from '../src/program.ts';
import { temporaryFolder } from './harness.ts';

const MEGABYTE = Buffer.alloc(1 << 20, 'x');

async function* pieces(count: number, ending?: Error): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < count; piece++) yield MEGABYTE;
  if (ending !== undefined) throw ending;
}

describe('a program', () => {
  const cwd = temporaryFolder();
  const shell = (script: string, input: ProgramInput = pieces(3), terms = { readsAll: true }) =>
    runProgram({ words: ['sh', '-c', script], cwd, env: { ...process.env, MIGRATE_IDENTITY: 'x' } }, input, terms);

  it('reads everything, in its folder, and learns nothing of where secrets are', async () => {
    expect(await shell('wc -c > size.txt; env > environment.txt')).toBeUndefined();
    expect(Number(readFileSync(join(cwd, 'size.txt'), 'utf8'))).toBe(3 * MEGABYTE.length);
    expect(readFileSync(join(cwd, 'environment.txt'), 'utf8')).not.toContain('MIGRATE_');
  });

  it('fails by its status, by a signal, by reading too little, and by not being there', async () => {
    expect(await shell('cat > /dev/null; exit 3')).toBe('ended with status 3');
    expect(await shell('kill -TERM $$')).toBe('was ended by SIGTERM');
    expect(await shell('head -c 10 > /dev/null')).toBe('did not read all that it was given');
    expect(await shell('head -c 10 > /dev/null', pieces(3), { readsAll: false })).toBeUndefined();
    expect(await runProgram({ words: ['/nowhere/loader'], cwd, env: {} }, pieces(3), { readsAll: true })).toBe(
      "can't be started (ENOENT)",
    );
  });

  it('that takes too long is killed', async () => {
    const late = runProgram({ words: ['sleep', '60'], cwd, env: process.env }, pieces(0), {
      ...{ readsAll: false, patienceMs: 200 },
    });
    expect(await late).toBe('did not end within 0.2 seconds');
  });

  it('never takes the end of half of the data for the end of the data', async () => {
    const broken = new Error('the file is damaged');
    await expect(shell('cat > /dev/null; touch committed', pieces(2, broken))).rejects.toBe(broken);
    expect(existsSync(join(cwd, 'committed'))).toBe(false);
  });
});
