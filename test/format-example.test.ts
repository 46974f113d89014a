/** The sealed file that doc/format.md takes apart is the committed one, and every value that the page names follows from it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sodium from 'libsodium-wrappers';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'doc/format.md'), 'utf8');
const [, afterTitle = ''] = page.split('### An example, byte by byte\n');
const [example = ''] = afterTitle.split('\n## ');
const file = readFileSync(join(root, 'test/vectors/sealed/good/one-recipient.sealed'));

/** The value of a row of the page's table. */
function named(value: string): Buffer {
  const row = example.split('\n').find((line) => line.startsWith(`| ${value}`));
  const [, hex] = /`([0-9a-f]+)` \|$/.exec(row ?? '') ?? [];
  return Buffer.from(hex ?? expect.unreachable(`the page does not name ${value}`), 'hex');
}

describe('the example of the format', () => {
  beforeAll(() => sodium.ready);

  it('is the whole vector, in order', () => {
    const rows = [...example.matchAll(/^ {4}(\d{3}) {2}([0-9a-f ]+)$/gm)];
    const bytes = Buffer.from(rows.map(([, , hex = '']) => hex.replaceAll(' ', '')).join(''), 'hex');
    expect(bytes).toEqual(file);
    let offset = 0;
    for (const [, at = '', hex = ''] of rows) {
      expect(Number(at)).toBe(offset);
      offset += hex.replaceAll(' ', '').length / 2;
    }
  });

  it('opens as the page says, with libsodium and SHA-256 alone', () => {
    const identities = readFileSync(join(root, 'test/vectors/common/identities.json'), 'utf8');
    expect(identities).toContain(named('seed of `recipient1`').toString('base64'));
    const boxSeed = sodium.crypto_kdf_derive_from_key(32, 2, 'SLid-box', named('seed of `recipient1`'));
    const { publicKey, privateKey } = sodium.crypto_box_seed_keypair(boxSeed);
    expect(Buffer.from(publicKey)).toEqual(named('its X25519 public key'));

    const end = 22 + file.readUInt32BE(18);
    const header = JSON.parse(file.subarray(22, end).toString()) as { commitment: string; keys: { box: string }[] };
    const box = Buffer.from(header.keys[0]?.box ?? '', 'base64');
    const fileKey = sodium.crypto_box_seal_open(box, publicKey, privateKey);
    expect(Buffer.from(fileKey)).toEqual(named('file key'));
    const subKey = (id: number, context: string): Buffer =>
      Buffer.from(sodium.crypto_kdf_derive_from_key(32, id, context, fileKey));
    expect(subKey(1, 'SLcommit')).toEqual(named('commitment'));
    expect(Buffer.from(header.commitment, 'base64')).toEqual(named('commitment'));
    expect(subKey(2, 'SLheader')).toEqual(named('headerKey'));
    expect(subKey(3, 'SLstream')).toEqual(named('streamKey'));

    const mac = file.subarray(end, end + 32);
    expect(sodium.crypto_auth_verify(mac, file.subarray(0, end), named('headerKey'))).toBe(true);
    const digest = createHash('sha256')
      .update(file.subarray(0, end + 32))
      .digest();
    expect(digest).toEqual(named('header digest'));
    const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(
      file.subarray(end + 32, end + 56),
      named('streamKey'),
    );
    const opened = sodium.crypto_secretstream_xchacha20poly1305_pull(state, file.subarray(end + 56), digest);
    if (opened === false) expect.unreachable('the chunk does not open');
    expect(opened.tag).toBe(sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL);
    expect(Buffer.from(opened.message)).toEqual(named('plaintext'));
  });
});
