/** `bench core`: sealing and opening 1 GiB as whole processes, beside age and gpg. */
import { randomFillSync } from 'node:crypto';
import { mkdir, mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bundled } from './bundled.ts';
import { type Comparison, compareThroughput, medians } from './comparison.ts';
import { valueAt } from './json.ts';
import { ProcessorTime } from './processor-time.ts';
import { type Ended, isInstalled, runProgram } from './program.ts';
import { roomiest } from './roomiest.ts';

const OURS = 'sealift';
const GIBIBYTE = 1 << 30;
/** The plaintext, one sealed file of each program, one opened file, and some room. */
const ROOM = 6 * GIBIBYTE;

/** Milliseconds by program. */
type Times = ReadonlyMap<string, number>;

/** A program that seals `plain` and opens what it sealed. */
interface Sealing {
  readonly name: string;
  readonly needs: readonly string[];
  /** Makes keys. */
  readonly prepare: () => Promise<void>;
  readonly seal: (from: string, to: string) => Promise<Ended>;
  readonly open: (from: string, to: string) => Promise<Ended>;
}

/**
 * Ours makes the keyed digest of the plaintext and the SHA-256 of the sealed file besides; its peers make no digest.
 * @param folder on a disk, for where there is no room in memory
 * @param say takes what is no result: where, which processor, who is left out
 */
export async function compareSealing(
  folder: string,
  rounds: number,
  say: (text: string) => void,
): Promise<Comparison[]> {
  const place = await mkdtemp(join(await roomiest(folder, ROOM), 'sealift-bench-core-'));
  try {
    say(`sealing and opening 1 GiB in ${place}; SHA extensions: ${await shaExtensions()}`);
    await writeRandom(join(place, 'plain'), GIBIBYTE);
    const peers = [age(place), gpg(place)].filter(({ name, needs }) => {
      const missing = needs.filter((program) => !isInstalled(program));
      if (missing.length > 0) say(`left out, not installed here: ${name} (${missing.join(', ')})`);
      return missing.length === 0;
    });
    const all = [sealift(await bundled('core-sealing', place), place, say), ...peers];
    for (const { prepare } of all) await prepare();
    const timed = async (doing: string, run: (program: Sealing) => Promise<number>): Promise<Times> => {
      const spent = new ProcessorTime();
      const contenders = all.map((program) => ({
        name: program.name,
        run: () => spent.of(program.name, run(program)),
      }));
      const times = await medians(contenders, rounds);
      say(`processor time of ${doing}, user and system, a run: ${spent.text()}`);
      return times;
    };
    const sealed = await timed('sealing', (program) => timeSealing(program, place));
    const opened = await timed('opening', (program) => timeOpening(program, place));
    return peers.flatMap(({ name }) => [compared('seal', name, sealed), compared('open', name, opened)]);
  } finally {
    // gpg leaves an agent, which ends when its folder is gone.
    await rm(place, { recursive: true, force: true });
  }
}

function compared(bench: string, peer: string, times: Times): Comparison {
  const timeOf = (name: string): number => times.get(name) ?? Number.NaN;
  return compareThroughput(bench, peer, timeOf(OURS), timeOf(peer), GIBIBYTE);
}

async function timeSealing({ name, seal }: Sealing, place: string): Promise<number> {
  const to = join(place, `${name}.sealed`);
  await rm(to, { force: true });
  return (await seal(join(place, 'plain'), to)).milliseconds;
}

async function timeOpening({ name, open: opening }: Sealing, place: string): Promise<number> {
  const to = join(place, 'opened');
  await rm(to, { force: true });
  const { milliseconds } = await opening(join(place, `${name}.sealed`), to);
  const { size } = await stat(to);
  if (size !== GIBIBYTE) throw new Error(`${name} opened ${size} bytes`);
  return milliseconds;
}

function sealift(program: string, place: string, say: (text: string) => void): Sealing {
  const identity = join(place, 'identity.json');
  const run = (...args: string[]): Promise<Ended> => runProgram(process.execPath, [program, ...args]);
  let content: unknown;
  return {
    name: OURS,
    needs: [],
    prepare: async () => void (await run('keygen', identity)),
    seal: async (from, to) => {
      const ended = await run('seal', identity, from, to);
      if (content === undefined) say(`the stream cipher is ${String(valueAt(ended.stdout, 'cipher'))}`);
      content = valueAt(ended.stdout, 'plaintext');
      return ended;
    },
    open: async (from, to) => {
      const ended = await run('open', identity, from, to);
      if (valueAt(ended.stdout, 'plaintext') !== content) throw new Error('what was opened is not what was sealed');
      return ended;
    },
  };
}

function age(place: string): Sealing {
  const key = join(place, 'age.key');
  let recipient = '';
  return {
    name: 'age',
    needs: ['age', 'age-keygen'],
    prepare: async () => {
      await runProgram('age-keygen', ['-o', key]);
      recipient = (await runProgram('age-keygen', ['-y', key])).stdout.trim();
    },
    seal: (from, to) => runProgram('age', ['-r', recipient, '-o', to, from]),
    open: (from, to) => runProgram('age', ['-d', '-i', key, '-o', to, from]),
  };
}

function gpg(place: string): Sealing {
  const home = join(place, 'gnupg');
  const run = (...args: string[]): Promise<Ended> => runProgram('gpg', ['--homedir', home, '--batch', ...args]);
  return {
    name: 'gpg',
    needs: ['gpg'],
    prepare: async () => {
      await mkdir(home, { mode: 0o700 });
      await run('--passphrase', '', '--quick-generate-key', 'bench', 'default', 'default', 'never');
    },
    seal: (from, to) => run('--compress-algo', 'none', '--recipient', 'bench', '--output', to, '--encrypt', from),
    open: (from, to) => run('--output', to, '--decrypt', from),
  };
}

/** Whether the processor computes SHA-256 in hardware, as far as the system tells. */
async function shaExtensions(): Promise<'yes' | 'no' | 'unknown'> {
  try {
    const flags = await readFile('/proc/cpuinfo', 'utf8');
    return /^(?:flags|Features)\s*:.*\b(?:sha_ni|sha2)\b/m.test(flags) ? 'yes' : 'no';
  } catch {
    return 'unknown';
  }
}

async function writeRandom(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    const piece = new Uint8Array(1 << 20);
    for (let written = 0; written < bytes; written += piece.length) await handle.write(randomFillSync(piece));
  } finally {
    await handle.close();
  }
}
