/** Judges the algorithms that a server offers: Sealift negotiates sound ones alone, but another client of it may be talked down. */
import { isSound } from '../algorithms.ts';
import { type Finding, fail, ok, warn } from './check.ts';
import type { ServerOffer } from './server-offer.ts';

/** Broken, or so short that it must be taken for broken. */
const BROKEN = [
  /^diffie-hellman-group(?:1|14|-exchange)-sha1$/,
  /^(?:gss|rsa\d+)-.*sha1/,
  /^ssh-(?:dss|rsa)(?:-cert-v0\d@openssh\.com)?$/,
  /cbc|arcfour|3des|blowfish|cast128|^none$/,
  /md5|ripemd|sha1-96/,
];
/** Not broken, and no longer what one would choose. */
const DATED = [/^hmac-sha1/, /^umac-64/, /^diffie-hellman-group14-sha256$/, /^diffie-hellman-group15/];
const STRICT = 'kex-strict-s-v00@openssh.com';

/** Whether a sound choice exists (it fails otherwise), and whether a bad one is offered beside it. */
export function checkAlgorithms({ kex, hostKeys, ciphers, macs }: ServerOffer): Finding {
  const remedy =
    'set KexAlgorithms, HostKeyAlgorithms, Ciphers and MACs as "migrate doctor --print-sshd-config" prints them';
  if (!isSound({ kex, ciphers, macs, strict: kex.includes(STRICT) })) {
    return fail('no sound combination of key exchange, cipher and MAC is offered', remedy);
  }
  const all = [...kex, ...hostKeys, ...ciphers, ...macs];
  const among = (patterns: readonly RegExp[]): string[] =>
    all.filter((name) => patterns.some((pattern) => pattern.test(name)));
  const broken = among(BROKEN);
  if (broken.length > 0) return fail(`broken algorithms are offered: ${broken.join(', ')}`, remedy);
  const dated = among(DATED);
  if (dated.length > 0) return warn(`dated algorithms are offered: ${dated.join(', ')}`, remedy);
  return ok(`${kex[0] ?? ''}, ${ciphers[0] ?? ''} and others that are sound; no broken one`);
}
