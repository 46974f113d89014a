/** Our ciphers in ssh2's place: that they are there, and that ssh2's own stay where theirs are not as they were. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import ssh2, { type CipherAlgorithm } from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { takeOverCiphers } from '../src/ssh2-ciphers.ts';

const { private: HOST_KEY } = ssh2.utils.generateKeyPairSync('ed25519');
const ended: (() => void)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** A server that says what a command was, and a client that has agreed on keys with it. */
async function agreed(cipher: CipherAlgorithm, onKeys: (client: ssh2.Client) => void): Promise<ssh2.Client> {
  const server = new ssh2.Server({ hostKeys: [HOST_KEY] }, (connection) => {
    connection.on('error', () => undefined);
    connection.on('authentication', (asked) => asked.accept());
    connection.on('session', (accept) => {
      accept().on('exec', (acceptCommand, _reject, { command }) => {
        const channel = acceptCommand();
        channel.end(command);
        // The keys are changed in the middle.
        connection.rekey();
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new ssh2.Client();
  ended.push(
    () => client.destroy(),
    () => server.close(),
  );
  client.on('handshake', () => onKeys(client));
  const { port } = address(server.address());
  client.connect({ host: '127.0.0.1', port, username: 'anyone', algorithms: { cipher: [cipher] } });
  await once(client, 'ready');
  return client;
}

function address(found: AddressInfo | string | null): AddressInfo {
  if (typeof found !== 'object' || found === null) throw new Error('a server without a port');
  return found;
}

function echoed(client: ssh2.Client, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    client.exec(text, (error, channel) => {
      if (error !== undefined) return reject(error);
      let said = '';
      channel.setEncoding('utf8').on('data', (part: string) => (said += part));
      channel.once('end', () => resolve(said));
    });
  });
}

describe("ciphers in the place of ssh2's", () => {
  it.each<CipherAlgorithm>(['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com'])('are in use: %s', async (cipher) => {
    const taken: boolean[] = [];
    let written = 0;
    const client = await agreed(cipher, (one) => {
      const socket: unknown = Reflect.get(one, '_sock');
      taken.push(
        takeOverCiphers(
          one,
          (bytes, done) => {
            written += bytes.length;
            if (socket instanceof Object && 'write' in socket && typeof socket.write === 'function') {
              socket.write(bytes, done);
            }
          },
          { isOver: false },
        ),
      );
    });
    const long = 'word '.repeat(6000);
    for (const text of ['first', long, 'after the keys were changed']) expect(await echoed(client, text)).toBe(text);
    expect(taken.length).toBeGreaterThan(1);
    expect(taken).toEqual(taken.map(() => true));
    expect(written).toBeGreaterThan(long.length);
  });

  it.each<CipherAlgorithm>(['aes128-ctr', 'chacha20-poly1305@openssh.com'])(
    'leave others to it: %s',
    async (cipher) => {
      const taken: boolean[] = [];
      const client = await agreed(cipher, (one) =>
        taken.push(takeOverCiphers(one, () => undefined, { isOver: false })),
      );
      expect(await echoed(client, 'text')).toBe('text');
      expect(taken).toEqual(taken.map(() => false));
    },
  );

  it.each([
    ['_cipher', '_encKey', 'text'],
    ['_cipher', '_encIV', Buffer.alloc(16)],
    ['_cipher', 'outSeqno', undefined],
    ['_decipher', '_decipherSSLName', 'aes-128-ccm'],
    ['_decipher', '_onPayload', undefined],
    ['_decipher', '_lenBytes', 2],
  ])('stay out where a field is not as it was: %s.%s', async (holder, name, value) => {
    const taken: boolean[] = [];
    const client = await agreed('aes128-gcm@openssh.com', (one) => {
      const own: unknown = Reflect.get(Object(Reflect.get(one, '_protocol')), holder);
      const before: unknown = Reflect.get(Object(own), name);
      Reflect.set(Object(own), name, value);
      taken.push(takeOverCiphers(one, () => undefined, { isOver: false }));
      Reflect.set(Object(own), name, before);
    });
    expect(await echoed(client, 'text')).toBe('text');
    expect(taken).toEqual(taken.map(() => false));
  });
});
