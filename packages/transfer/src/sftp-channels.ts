/** The SFTP channels of one connection. */

import type { SftpChannel } from './sftp-channel.ts';

/** What OpenSSH lets a channel have in flight: a channel carries that much a round trip at most. */
const WINDOW_BYTES = 2 << 20;
/** Below it one channel fills any network. */
const NEAR_MS = 5;
/** Above it even a busy machine is not why an answer is late. */
const SURELY_FAR_MS = 50;
const MOST_QUESTIONS = 3;
/** Channels to a server that is far away; OpenSSH's MaxSessions is 10 by default. */
const MANY = 6;

/**
 * Milliseconds to the server and back. A near one answers late where a machine is busy, so that an answer that leaves a doubt is not
 * the last.
 */
async function roundTrip(channel: SftpChannel): Promise<number> {
  let least = await channel.answerTime();
  for (let asked = 1; asked < MOST_QUESTIONS && least > NEAR_MS && least < SURELY_FAR_MS; asked++) {
    least = Math.min(least, await channel.answerTime());
  }
  return least;
}

/** One channel for a server that is near, several for one that is far away. */
export class SftpChannels {
  readonly #channels: SftpChannel[];
  readonly #open: () => Promise<SftpChannel>;
  readonly #isFar: boolean;
  #opening: Promise<void> | undefined;
  #turn = 0;

  private constructor(first: SftpChannel, open: () => Promise<SftpChannel>, isFar: boolean) {
    this.#channels = [first];
    this.#open = open;
    this.#isFar = isFar;
    if (isFar) first.serverIsFar();
  }

  /** @param open opens one more channel; what it throws at the first is thrown */
  static async open(open: () => Promise<SftpChannel>): Promise<SftpChannels> {
    const first = await open();
    return new SftpChannels(first, open, (await roundTrip(first)) > NEAR_MS);
  }

  /** How many bytes of a file one request may carry, on whichever channel. */
  get chunkBytes(): number {
    return Math.min(...this.#channels.map(({ chunkBytes }) => chunkBytes));
  }

  /** The channel whose turn it is. */
  next(): SftpChannel {
    const channel = this.#channels[this.#turn++ % this.#channels.length];
    if (channel === undefined) throw new Error('a connection without a channel');
    return channel;
  }

  /** The channels among which the bytes of one file go, the one whose turn it is first. */
  async forBytes(bytes: number): Promise<readonly [SftpChannel, ...SftpChannel[]]> {
    if (!this.#isFar || bytes <= WINDOW_BYTES) return [this.next()];
    this.#opening ??= this.#openMore();
    await this.#opening;
    const first = this.next();
    const others = this.#channels.filter((channel) => channel !== first);
    return [first, ...others.slice(0, Math.ceil(bytes / WINDOW_BYTES) - 1)];
  }

  /** A server may allow fewer: then these have to do. */
  async #openMore(): Promise<void> {
    const more = await Promise.allSettled(Array.from({ length: MANY - 1 }, () => this.#open()));
    for (const one of more) {
      if (one.status !== 'fulfilled') continue;
      one.value.serverIsFar();
      this.#channels.push(one.value);
    }
  }

  /** To be called when the connection is gone. */
  closed(): void {
    for (const channel of this.#channels) channel.closed();
  }
}
