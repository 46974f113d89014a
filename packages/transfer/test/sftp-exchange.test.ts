/** A server that answers in pieces, out of order, or what was not asked. */
import { Duplex } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Reply, SftpExchange, SftpProtocolError } from '../src/sftp-exchange.ts';
import { OutgoingPackets } from '../src/sftp-outgoing.ts';
import { type Field, PACKET } from '../src/sftp-packet.ts';

/** A channel whose other side the test plays. */
class Channel extends Duplex {
  readonly sent: Buffer[] = [];

  override _read(): void {}
  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.sent.push(Buffer.from(bytes));
    done();
  }
}

function opened(): { channel: Channel; exchange: SftpExchange } {
  const channel = new Channel();
  return { channel, exchange: new SftpExchange(channel) };
}

/** What a request sends along, and where it wants the bytes that it asks for. */
interface Payload {
  readonly data?: Buffer;
  readonly into?: Buffer;
}

const request = (exchange: SftpExchange, type: number, text = '', { data, into }: Payload = {}): Promise<Reply> =>
  new Promise((done, failed) => exchange.request(type, [text], { into, done, failed }, data));

function packet(type: number, id: number, fields: readonly Field[]): Buffer {
  const outgoing = new OutgoingPackets();
  outgoing.add(type, id, fields);
  return Buffer.concat(outgoing.take());
}

const dataReply = (id: number, bytes: Buffer): Buffer => packet(PACKET.data, id, [bytes]);
const ids = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 4);

describe('requests and replies of SFTP', () => {
  it('agree on the version, and learn what the server can do besides', async () => {
    const { channel, exchange } = opened();
    const begun = exchange.begin();
    channel.push(packet(PACKET.version, 3, ['limits@openssh.com', '1']));
    expect(await begun).toEqual(new Map([['limits@openssh.com', '1']]));
    expect(Buffer.concat(channel.sent)).toEqual(Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 3]));
  });

  it('that are made at once leave in one piece', async () => {
    const { channel, exchange } = opened();
    const replies = ids(3).map(() => request(exchange, PACKET.close, 'handle'));
    await new Promise(setImmediate);
    expect(channel.sent).toEqual([Buffer.concat(ids(3).map((id) => packet(PACKET.close, id, ['handle'])))]);
    for (const id of ids(3)) channel.push(packet(PACKET.status, id, [0]));
    await Promise.all(replies);
  });

  it('find each other in any order and in pieces of any size, and bytes land where they are wanted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
        fc.nat(),
        async (contents, sizes, turn) => {
          const { channel, exchange } = opened();
          const buffers = contents.map(() => Buffer.alloc(200));
          const replies = buffers.map((into) => request(exchange, PACKET.read, '', { into }));
          const answers = contents.map((content, index) => dataReply(index + 4, Buffer.from(content)));
          const first = turn % answers.length;
          const stream = Buffer.concat([...answers.slice(first), ...answers.slice(0, first)]);
          for (let at = 0, piece = 0; at < stream.length; piece++) {
            const size = sizes[piece % sizes.length] ?? 1;
            channel.push(stream.subarray(at, at + size));
            at += size;
          }
          expect(await Promise.all(replies)).toEqual(contents.map(({ length }) => ({ kind: 'data', count: length })));
          contents.forEach((content, index) => {
            expect(buffers[index]?.subarray(0, content.length)).toEqual(Buffer.from(content));
          });
        },
      ),
    );
  });

  const status = (id: number): Buffer => packet(PACKET.status, id, [0]);
  it.each([
    ['an answer to nothing', status(99)],
    ['a second answer', Buffer.concat([status(5), status(5)])],
    ['a length that leaves no room for the id', Buffer.from([0, 0, 0, 1, 101, 0, 0, 0, 4])],
    ['a reply without end', Buffer.from([0x7f, 0xff, 0xff, 0xff, 101, 0, 0, 0, 4])],
    ['more bytes than asked for', dataReply(4, Buffer.alloc(11))],
    ['bytes where none were asked for', dataReply(5, Buffer.alloc(1))],
    ['no bytes as bytes', dataReply(4, Buffer.alloc(0))],
    ['two lengths that differ', packet(PACKET.data, 4, [3, Buffer.alloc(1)])],
  ])('end with the channel where the server gives %s', async (_, answer) => {
    const { channel, exchange } = opened();
    const replies = [request(exchange, PACKET.read, '', { into: Buffer.alloc(10) }), request(exchange, PACKET.close)];
    channel.push(answer);
    const [first] = await Promise.allSettled(replies);
    expect(first).toMatchObject({ status: 'rejected', reason: expect.any(SftpProtocolError) });
    expect(channel.destroyed).toBe(true);
    await expect(request(exchange, PACKET.close)).rejects.toThrow(SftpProtocolError);
  });

  it('that wait for a reply fail when the channel closes', async () => {
    const { channel, exchange } = opened();
    const reply = request(exchange, PACKET.close);
    channel.push(null);
    await expect(reply).rejects.toThrow('the channel was closed');
  });
});
