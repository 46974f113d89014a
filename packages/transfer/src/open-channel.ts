/** SFTP channels on a connection. */

import type { Socket } from 'node:net';
import { SealiftError } from '@sealift/core';
import type { Client, ClientChannel } from 'ssh2';
import { inSeconds, type Patience } from './patience.ts';
import { SftpChannel } from './sftp-channel.ts';
import { SftpExchange } from './sftp-exchange.ts';

/**
 * Opens an SFTP channel. The connection is cut when the server does not answer, now or later.
 * @throws E_REMOTE when it does not in time; what else goes wrong as ssh2 says it
 */
export async function openChannel(client: Client, socket: Socket, patience: Patience): Promise<SftpChannel> {
  const { connection, answer } = patience;
  let isLate = false;
  const late = setTimeout(() => {
    isLate = true;
    socket.destroy();
  }, connection);
  try {
    const exchange = new SftpExchange(await startSubsystem(client, socket));
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
