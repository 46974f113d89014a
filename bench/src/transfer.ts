/** `bench transfer`: sealed files to a server and back, beside OpenSSH's sftp, over networks that are near and far. */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bundled } from './bundled.ts';
import { type Comparison, compareRates, compareThroughput, medians } from './comparison.ts';
import { startDelayingProxy } from './delaying-proxy.ts';
import { missingOpenSsh, type OpenSsh, startOpenSsh } from './open-ssh.ts';
import { ProcessorTime } from './processor-time.ts';
import { roomiest } from './roomiest.ts';
import { type Cipher, OURS, ourTransfer, prepareFiles, sftpTransfer, type Transfer } from './transfer-contenders.ts';

const MEBIBYTE = 1 << 20;
const SMALL_BYTES = 4096;
const MIDDLE_BYTES = MEBIBYTE;
/** The largest file here, on the server twice and received; and some room. */
const ROOM = 5 * 1024 * MEBIBYTE;

/** What goes over a network. */
interface Network {
  /** Round trip in milliseconds; 0 is the loopback interface itself. */
  readonly roundTrip: number;
  /** Bytes of one large file, and the numbers of files of 1 MiB and of small ones: as many as take some seconds. */
  readonly large: number;
  readonly middle: number;
  readonly small: number;
  readonly ciphers: readonly Cipher[];
  /** What a far network takes is no matter of a busy machine: few rounds do. */
  readonly mostRounds: number;
}

const NETWORKS: readonly Network[] = [
  {
    ...{ roundTrip: 0, large: 1024 * MEBIBYTE, middle: 300, small: 10_000 },
    ...{ ciphers: ['defaults', 'aes128-gcm'], mostRounds: Infinity },
  },
  { roundTrip: 20, large: 256 * MEBIBYTE, middle: 50, small: 200, ciphers: ['defaults'], mostRounds: 3 },
  { roundTrip: 100, large: 128 * MEBIBYTE, middle: 20, small: 50, ciphers: ['defaults'], mostRounds: 3 },
];

/** What a comparison needs, and where it goes. */
interface Bench {
  readonly server: OpenSsh;
  /** A folder for all files. */
  readonly place: string;
  /** Our transfer, as one file. */
  readonly program: string;
  readonly rounds: number;
  readonly say: (text: string) => void;
  readonly print: (comparison: Comparison) => void;
}

/**
 * Ours checks digests and sizes, and renames; sftp copies.
 * @param folder on a disk, for where there is no room in memory
 * @param output `say` takes what is no result
 */
export async function compareTransfer(
  folder: string,
  rounds: number,
  output: Pick<Bench, 'say' | 'print'>,
): Promise<void> {
  const missing = missingOpenSsh();
  if (missing.length > 0) {
    output.say(`left out, not installed here: transfer (${missing.join(', ')})`);
    return;
  }
  const place = await mkdtemp(join(await roomiest(folder, ROOM), 'sealift-bench-transfer-'));
  try {
    const server = await startOpenSsh(join(place, 'sshd'));
    try {
      const program = await bundled('transfer-program', join(place, 'program'));
      output.say(`sending and receiving in ${place}`);
      for (const network of NETWORKS) await compareOver(network, { server, place, program, rounds, ...output });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function compareOver(network: Network, bench: Bench): Promise<void> {
  const { roundTrip, large, middle, small } = network;
  const proxy = roundTrip > 0 ? await startDelayingProxy(bench.server, roundTrip) : undefined;
  const server = { ...bench.server, port: proxy?.port ?? bench.server.port };
  try {
    await compareLoad(network, { ...bench, server }, { what: '', count: 1, bytes: large });
    await compareLoad(network, { ...bench, server }, { what: '-middle', count: middle, bytes: MIDDLE_BYTES });
    await compareLoad(network, { ...bench, server }, { what: '-small', count: small, bytes: SMALL_BYTES });
  } finally {
    await proxy?.stop();
  }
}

async function compareLoad(
  { roundTrip, ciphers, mostRounds }: Network,
  { server, place, program, rounds, say, print }: Bench,
  { what, count, bytes }: { what: string; count: number; bytes: number },
): Promise<void> {
  const files = await prepareFiles(place, count, bytes);
  for (const way of ['send', 'receive'] as const) {
    const transfer: Transfer = { server, place, files, way, program };
    const contenders = [ourTransfer(transfer), ...ciphers.map((cipher) => sftpTransfer(transfer, cipher))];
    const name = `${way}${what}${roundTrip > 0 ? `-${roundTrip}ms` : ''}`;
    const spent = new ProcessorTime();
    const timed = contenders.map((one) => ({ name: one.name, run: () => spent.of(one.name, one.run()) }));
    const times = await medians(timed, Math.min(rounds, mostRounds));
    say(`processor time of ${name}, the server's not counted, a run: ${spent.text()}`);
    const ours = times.get(OURS) ?? Number.NaN;
    for (const [peer, theirs] of [...times].filter(([peer]) => peer !== OURS)) {
      print(
        count > 1 ? compareRates(name, peer, ours, theirs, count) : compareThroughput(name, peer, ours, theirs, bytes),
      );
    }
  }
}
