/** A proxy in front of a test server, which cuts connections through it: all after so many bytes, or one before a message. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Rig, RigAccount } from './rig.ts';

/** Which way bytes go. */
type Direction = 'sent' | 'received';

/** Where it leads. */
interface Target {
  readonly host: string;
  readonly port: number;
}

/** Counts and forwards the bytes of every connection, until it is told to cut. */
export class CuttingProxy {
  readonly #target: Target;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #bytes = { sent: 0, received: 0 };
  readonly #cutAt = { sent: Number.POSITIVE_INFINITY, received: Number.POSITIVE_INFINITY };

  #connections = 0;
  /** Which connection is cut before a piece that its client sends, and how many pieces are left until then. */
  readonly #doomed = { connection: -1, left: Number.POSITIVE_INFINITY };

  private constructor(target: Target) {
    this.#target = target;
    this.#server = createServer((client) => this.#forward(client));
  }

  static async start(target: Target): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Bytes that clients have sent and received since it was last told when to cut. */
  get bytes(): Readonly<Record<Direction, number>> {
    return this.#bytes;
  }

  /** Counts anew, and cuts every connection once so many bytes went that way; never, when no number is given. */
  cutAfter(at: Partial<Record<Direction, number>> = {}): void {
    Object.assign(this.#bytes, { sent: 0, received: 0 });
    Object.assign(this.#cutAt, { sent: Number.POSITIVE_INFINITY, received: Number.POSITIVE_INFINITY }, at);
  }

  /** Cuts one of the connections to come, counted from 0, before the client's nth piece, counted from 1; whether it came to that, {@link wasCut} tells. */
  cutBefore(connection: number, piece: number): void {
    this.#connections = 0;
    Object.assign(this.#doomed, { connection, left: piece });
  }

  get wasCut(): boolean {
    return this.#doomed.left <= 0;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #forward(client: Socket): void {
    const server = connect(this.#target);
    if (this.#connections++ === this.#doomed.connection) this.#endBeforePiece(client, server);
    this.#pass(client, server, 'sent');
    this.#pass(server, client, 'received');
  }

  #endBeforePiece(client: Socket, server: Socket): void {
    client.on('data', () => {
      this.#doomed.left -= 1;
      if (this.#doomed.left > 0) return;
      client.removeAllListeners('data').destroy();
      server.destroy();
    });
  }

  #pass(from: Socket, to: Socket, direction: Direction): void {
    this.#sockets.add(from);
    from.on('error', () => to.destroy()).on('end', () => to.end());
    from.on('close', () => this.#sockets.delete(from));
    from.on('data', (data) => {
      const room = this.#cutAt[direction] - this.#bytes[direction];
      this.#bytes[direction] += data.length;
      if (data.length <= room) to.write(data);
      else {
        // The bytes before the cut arrive, wherever the pieces end; a reset would take away what was not read yet.
        to.end(data.subarray(0, Math.max(room, 0)));
        from.removeAllListeners('data').destroy();
      }
    });
  }
}

/** Starts a server behind a proxy; whoever connects to the rig's port goes through it. */
export async function startBehindProxy(
  start: (options: { readonly accounts: readonly RigAccount[] }) => Promise<Rig>,
  options: { readonly accounts: readonly RigAccount[] },
): Promise<Rig & { readonly proxy: CuttingProxy }> {
  const rig = await start(options);
  const proxy = await CuttingProxy.start(rig);
  return {
    ...rig,
    port: proxy.port,
    proxy,
    stop: async () => {
      await proxy.stop();
      await rig.stop();
    },
  };
}
