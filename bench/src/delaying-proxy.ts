/** A network in between that takes its time: bytes arrive later, and no fewer a second. netem would need rights that few have. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A proxy on the loopback interface. */
export interface DelayingProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** Bytes on their way, and when they arrive. */
interface Underway {
  readonly due: number;
  /** Undefined at the end. */
  readonly bytes: Buffer | undefined;
}

/** Forwards every connection to `target`; what goes in comes out half of `roundTrip` milliseconds later, either way. */
export async function startDelayingProxy(
  target: { readonly host: string; readonly port: number },
  roundTrip: number,
): Promise<DelayingProxy> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => {
    const upstream = connect({ ...target, noDelay: true });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    delay(client, upstream, roundTrip / 2);
    delay(upstream, client, roundTrip / 2);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function delay(from: Socket, to: Socket, milliseconds: number): void {
  const underway: Underway[] = [];
  const arrive = (): void => {
    const now = performance.now();
    while (underway[0] !== undefined && underway[0].due <= now) {
      const bytes = underway.shift()?.bytes;
      if (bytes === undefined) to.end();
      else to.write(bytes);
    }
    if (underway[0] !== undefined) setTimeout(arrive, underway[0].due - now);
  };
  const leave = (bytes: Buffer | undefined): void => {
    if (underway.push({ due: performance.now() + milliseconds, bytes }) === 1) setTimeout(arrive, milliseconds);
  };
  from.on('data', leave).on('end', () => leave(undefined));
  from.on('error', () => to.destroy());
}
