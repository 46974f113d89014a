/**
 * The program that `bench core` times: seals or opens one file by core, as extraction and reception do it, in a process of its own.
 *
 *     node core-sealing.js keygen <identity file>
 *     node core-sealing.js seal | open <identity file> <from> <to>
 *
 * Digests included: the keyed digest of the plaintext and the SHA-256 of the sealed file. Prints them, and which cipher was used.
 */
import { digestText, ready } from '@sealift/core';
import { createIdentity, type SecretIdentity, unlockIdentity } from '@sealift/core/identity';
import { utcTime } from '@sealift/core/ids';
import {
  BackgroundSealing,
  createIdentityFile,
  FileReading,
  readIdentityFile,
  streamCipher,
  TemporaryFile,
} from '@sealift/core/node';
import { BackgroundHash, nodeKeyedHash } from '@sealift/core/node/digest';
import { keepFreedMemory } from '@sealift/core/node/memory';
import { beginSealing, Opener } from '@sealift/core/sealed';

const PLACE = { job: 'bench-core', dataset: 'bench' } as const;
/** Any key will do: only the time is of interest. */
const DIGEST_KEY: Uint8Array = new Uint8Array(32).fill(1);

/** What was done. */
interface Done {
  readonly cipher: string;
  readonly plaintext: string;
  readonly sealed: string;
}

async function main([command = '', identity = '', from = '', to = '']: readonly string[]): Promise<void> {
  // As `migrate extract` does for large sources, and `migrate receive`.
  if (command === 'seal') BackgroundSealing.prepare();
  else void keepFreedMemory();
  await ready();
  if (command === 'keygen') {
    await createIdentityFile(identity, createIdentity('Bench', utcTime(new Date())), undefined);
    return;
  }
  const secret = await unlockIdentity(await readIdentityFile(identity), undefined);
  console.log(JSON.stringify(await (command === 'seal' ? seal(secret, from, to) : open(secret, from, to))));
}

async function seal({ identity }: SecretIdentity, from: string, to: string): Promise<Done> {
  const file = await TemporaryFile.create(to, undefined, false);
  const cipher = streamCipher();
  const beginning = beginSealing({ ...PLACE, suite: 'xwing-sealedbox', recipients: [identity] });
  const sealing = await BackgroundSealing.begin(file, beginning, { cipher, digestKey: DIGEST_KEY });
  for await (const bytes of FileReading.pieces(from)) sealing.push(bytes);
  const { digest, plaintext } = sealing.finish();
  await file.settle();
  await file.publish('exclusive');
  return { cipher: cipher.name, plaintext, sealed: digest };
}

async function open(secret: SecretIdentity, from: string, to: string): Promise<Done> {
  const file = await TemporaryFile.create(to, 0o600, false);
  const cipher = streamCipher();
  const opener = new Opener(secret, PLACE, cipher);
  const [plaintext, sealed] = [nodeKeyedHash(DIGEST_KEY), new BackgroundHash()];
  const take = async (chunks: readonly Uint8Array[]): Promise<void> => {
    for (const chunk of chunks) plaintext.update(chunk);
    await file.append(chunks);
  };
  for await (const bytes of FileReading.pieces(from)) {
    sealed.update(bytes);
    await take(opener.push(bytes));
  }
  await take(opener.finish());
  await file.settle();
  await file.publish('exclusive');
  return { cipher: cipher.name, plaintext: plaintext.digest(), sealed: digestText(sealed.digest()) };
}

await main(process.argv.slice(2));
