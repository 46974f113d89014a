/** The socket under an SSH connection. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What comes at once. */
const READ_BYTES = 256 * 1024;

/** A socket, and a say in how what comes is handed on. */
export interface SshSocket {
  readonly socket: Socket;
  /**
   * Whether the bytes of a `data` event may be overwritten once its listeners return. If not, as in the beginning, they are copied.
   */
  readonly lendBytes: (may: boolean) => void;
}

/**
 * Connects within so many milliseconds. Nagle's algorithm is off: it would hold back the ends of packets while requests are in flight. What is written within one
 * turn of the event loop goes to the system in one call. What comes is read into one buffer, for Node would make one each time.
 */
export async function openSocket(host: string, port: number, milliseconds: number): Promise<SshSocket> {
  const incoming = Buffer.allocUnsafeSlow(READ_BYTES);
  let isLent = false;
  const socket: Socket = connect({
    ...{ host, port, noDelay: true },
    onread: {
      buffer: incoming,
      callback: (count): boolean => {
        const bytes = incoming.subarray(0, count);
        if (!isLent) return socket.push(Buffer.from(bytes));
        socket.emit('data', bytes);
        // Whether anybody listens or not: the end of the connection is seen only by reading on.
        return true;
      },
    },
  });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(milliseconds) });
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
  gatherWrites(socket);
  return {
    socket,
    lendBytes: (may) => {
      isLent = may;
    },
  };
}

function gatherWrites(socket: Socket): void {
  const write: unknown = Reflect.get(socket, 'write');
  if (typeof write !== 'function') return;
  let gathering = false;
  // A subclass won't do: Node's connect() puts its own write() back.
  socket.write = (...args: unknown[]): boolean => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return Reflect.apply(write, socket, args) === true;
  };
}
