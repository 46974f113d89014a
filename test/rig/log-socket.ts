/** A syslog socket as glibc's syslog(3) finds it at /dev/log: it tries datagrams first, and then a stream, which Node can serve. */
import { appendFileSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';

/** A socket whose messages are appended to a file. */
export interface LogSocket {
  close(): Promise<void>;
}

/** Listens at a path that everybody may write to. */
export async function openLogSocket(path: string, file: string): Promise<LogSocket> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    // Each message ends with NUL on a stream.
    socket.on('data', (piece) => appendFileSync(file, piece.toString('utf8').replaceAll('\0', '\n')));
    socket.on('error', () => undefined).on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  await chmod(path, 0o666);
  return {
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
