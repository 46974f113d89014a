/** SFTP channels on a connection. */

import type { Socket } from 'node:net';
import { SealiftError } from '@sealift/core';
import type { Client, ClientChannel } from 'ssh2';
import { inSeconds, type Patience } from './patience.ts';
import { SftpChannel } from './sftp-channel.ts';
import { SftpExchange } from './sftp-exchange.ts';
import type { PayloadUse } from './ssh-gcm.ts';

/**
 * Opens an SFTP channel. The connection is cut when the server does not answer, now or later.
 * @param use where it is said that a payload is not needed any more
 * @throws E_REMOTE when it does not in time; what else goes wrong as ssh2 says it
 */
export async function openChannel(
  client: Client,
  socket: Socket,
  patience: Patience,
  use: PayloadUse,
): Promise<SftpChannel> {
  const { connection, answer } = patience;
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, connection);
  try {
    const stream = await startSubsystem(client, socket);
    const exchange = new SftpExchange(stream);
    handOver(stream, exchange, use);
    return await SftpChannel.open(exchange, answer, () => socket.destroy());
  } catch (cause) {
    if (!isLate) throw cause;
    throw new SealiftError('E_REMOTE', `the server opened no SFTP channel within ${inSeconds(connection)}`, {
      hint: 'ask its administrator whether this account may use SFTP, then run the command again',
      cause,
    });
  } finally {
    clearTimeout(late);
  }
}

/** Has what ssh2 puts into a channel's queue taken at once, so that its memory can be given back, and the queue is none. */
function handOver(stream: ClientChannel, exchange: SftpExchange, use: PayloadUse): void {
  const push = stream.push.bind(stream);
  stream.push = (bytes: unknown): boolean => {
    // What came before, and the end, go the long way, in their order.
    if (!Buffer.isBuffer(bytes) || stream.readableLength > 0) return push(bytes);
    exchange.receive(bytes);
    use.isOver = true;
    return true;
  };
}

function startSubsystem(client: Client, socket: Socket): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    const lost = (): void => reject(new Error('the connection was closed'));
    socket.once('close', lost);
    client.subsys('sftp', (error, stream) => {
      socket.off('close', lost);
      if (error !== undefined) reject(error);
      else resolve(stream);
      // What a server says there is not shown, and must not fill its window.
      stream?.stderr.resume();
    });
  });
}
