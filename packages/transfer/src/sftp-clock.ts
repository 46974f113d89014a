/** The server's clock over SFTP: protocol version 3 has no request for it, but every file has a time. */
import { occupied } from './occupied.ts';
import type { RemotePath } from './remote-path.ts';
import type { SftpChannel } from './sftp-channel.ts';

/** Makes the file, reads its time, removes it. @throws E_EXISTS, E_REMOTE */
export async function serverClock(channel: SftpChannel, path: RemotePath): Promise<Date> {
  const found = await channel.lstat(path);
  if (found !== undefined) {
    if (found.kind !== 'file' && found.kind !== 'symlink') throw occupied(path, 'not a file');
    await channel.remove(path);
  }
  const handle = await channel.create(path);
  let time: Date;
  try {
    await channel.write(path, handle, Buffer.from('clock\n'), 0);
    time = (await channel.fstat(path, handle)).modified;
  } catch (error) {
    await channel.closeFile(path, handle).catch(() => undefined);
    await channel.remove(path).catch(() => undefined);
    throw error;
  }
  await channel.closeFile(path, handle);
  await channel.remove(path);
  return time;
}
