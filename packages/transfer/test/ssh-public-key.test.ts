import { generateKeyPairSync } from 'node:crypto';
import { parseSshPublicKey } from '@sealift/core/ssh';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl';
// ssh-keygen -lf of the line above; it is GitHub's published host key.
const ED25519_FINGERPRINT = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';

function wire(...strings: (string | Uint8Array)[]): Buffer {
  return Buffer.concat(
    strings.map((one) => {
      const bytes = Buffer.from(one);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return Buffer.concat([length, bytes]);
    }),
  );
}

function line(type: string, blob: Uint8Array): string {
  return `${type} ${Buffer.from(blob).toString('base64')}`;
}

function rsaLine(bits: number): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  const { n, e } = publicKey.export({ format: 'jwk' });
  const zero = Buffer.of(0);
  const modulus = Buffer.concat([zero, Buffer.from(n ?? '', 'base64url')]);
  return line('ssh-rsa', wire('ssh-rsa', Buffer.from(e ?? '', 'base64url'), modulus));
}

function codeOf(text: string): string {
  try {
    parseSshPublicKey(text);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('an SSH public key line', () => {
  it('gives type, canonical line and the fingerprint that ssh-keygen prints', () => {
    const key = parseSshPublicKey(ED25519);
    expect(key).toMatchObject({ type: 'ssh-ed25519', line: ED25519, fingerprint: ED25519_FINGERPRINT });
    expect(key.fingerprint).toBe(ED25519_FINGERPRINT);
  });

  it.each([256, 384, 521] as const)('may be ECDSA with the curve of %i bits', (bits) => {
    const text = ssh2.utils.generateKeyPairSync('ecdsa', { bits }).public.trim();
    expect(parseSshPublicKey(text).type).toBe(`ecdsa-sha2-nistp${bits}`);
  });

  it('may be RSA of 3072 bits or more, and is too weak below', () => {
    expect(parseSshPublicKey(rsaLine(3072)).type).toBe('ssh-rsa');
    expect(codeOf(rsaLine(2048))).toBe('E_KEY_WEAK');
  });

  it.each([
    ['nothing', ''],
    ['a comment', `${ED25519} someone@somewhere`],
    ['two spaces', ED25519.replace(' ', '  ')],
    ['a newline at the end', `${ED25519}\n`],
    ['options before the type', `restrict ${ED25519}`],
    ['base64 with other unused bits', ED25519.replace(/l$/, 'l=')],
    ['another type before the base64', ED25519.replace('ssh-ed25519', 'ssh-rsa')],
    ['an unknown type', line('ssh-dss', wire('ssh-dss', 'p', 'q', 'g', 'y'))],
    ['an Ed25519 key of 31 bytes', line('ssh-ed25519', wire('ssh-ed25519', Buffer.alloc(31, 1)))],
    [
      'bytes after the key',
      line('ssh-ed25519', Buffer.concat([wire('ssh-ed25519', Buffer.alloc(32, 1)), Buffer.of(0)])),
    ],
    [
      'an ECDSA key of another curve',
      line('ecdsa-sha2-nistp256', wire('ecdsa-sha2-nistp256', 'nistp384', Buffer.alloc(65, 4))),
    ],
    ['a compressed point', line('ecdsa-sha2-nistp256', wire('ecdsa-sha2-nistp256', 'nistp256', Buffer.alloc(33, 2)))],
    ['a negative RSA modulus', line('ssh-rsa', wire('ssh-rsa', Buffer.of(1, 0, 1), Buffer.alloc(384, 0xff)))],
    [
      'a padded RSA modulus',
      line('ssh-rsa', wire('ssh-rsa', Buffer.of(1, 0, 1), Buffer.concat([Buffer.of(0, 0), Buffer.alloc(384, 0xff)]))),
    ],
    ['a prototype member as type', line('constructor', wire('constructor', 'a', 'b'))],
  ])('is refused with %s', (_title, text) => {
    expect(codeOf(text)).toBe('E_SSH_KEY');
  });

  it('is refused when any byte of it is cut off or any text is not a key', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: ED25519.length - 1 }),
        (length) => codeOf(ED25519.slice(0, length)) === 'E_SSH_KEY',
      ),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => codeOf(line('ssh-ed25519', bytes)) === 'E_SSH_KEY'),
    );
  });
});
