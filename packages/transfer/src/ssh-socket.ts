/** The socket under an SSH connection. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/**
 * Connects within so many milliseconds. Nagle's algorithm is off: it would hold back the ends of packets while requests are in flight. What is written within one
 * turn of the event loop goes to the system in one call: ssh2 writes each packet as three pieces.
 */
export async function openSocket(host: string, port: number, milliseconds: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(milliseconds) });
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
  gatherWrites(socket);
  return socket;
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
