/** Signatures that must not hold (doc/format.md §4), all on one revocation. */
import { decodeBase64, encodeBase64 } from '../../packages/core/src/base64.ts';
import { canonicalJson } from '../../packages/core/src/canonical.ts';
import { preAuthenticationEncoding, type SignedDocument } from '../../packages/core/src/envelope.ts';
import { deriveKey } from '../../packages/core/src/sodium.ts';
import type { Revocation } from '../../packages/core/src/statement.ts';
import { changed, type Edit, fileOf, flipped, laidOut, text } from './edit.ts';
import {
  add,
  BASE,
  decodeNumber,
  encode,
  encodeNumber,
  hashScalar,
  L,
  multiply,
  ORDER_8,
  secretOf,
  ZERO,
} from './edwards.ts';
import { fixedBytes, person } from './people.ts';
import { type MadeVector, type Run, refused } from './vector.ts';

/** Signatures that do not hold, on a document that the first signer signed. */
export function signatureVectors(document: SignedDocument<Revocation>, rosterFile: string): MadeVector[] {
  const run: Run = { run: 'controller', type: 'sealift.revocation.v1', roster: rosterFile };
  const bad = (name: string, what: string, content: Uint8Array): MadeVector =>
    refused(`signature/${name}`, what, ['signature', 'E_SIG'], content, run);
  const edited = (name: string, what: string, ...edits: readonly Edit[]): MadeVector =>
    bad(name, what, fileOf(changed(document, ...edits)));
  const signature = (name: string, what: string, sig: Uint8Array): MadeVector =>
    edited(name, what, ['/signatures/0/sig', encodeBase64(sig)]);
  const sig = decodeBase64(document.signatures[0]?.sig ?? '');
  const { signed } = document;
  const signer = person('signer1');
  const body = canonicalJson(signed);
  const over = (type: string, bytes: Uint8Array): Uint8Array => signer.sign(preAuthenticationEncoding(type, bytes));
  return [
    edited('one-byte-changed', 'One letter of the reason changed after it was signed.', [
      '/signed/reason',
      'the contract with the processor has endet',
    ]),
    edited('job-changed', 'The job changed after it was signed.', ['/signed/job', 'vectors-2027']),
    edited('composed-letter', 'A letter was replaced by one that looks the same.', [
      '/signed/reason',
      signed.reason.replace('c', 'с'),
    ]),
    edited('signature-of-another', 'The signature is another person’s, under the signer’s key.', [
      '/signatures/0/sig',
      encodeBase64(person('outsider').sign(preAuthenticationEncoding(signed.type, body))),
    ]),
    signature('first-bit', 'The first bit of R changed.', flipped(sig, 0)),
    signature('last-bit', 'The last byte of S changed.', flipped(sig, 63)),
    signature('zero', 'The signature is all zero.', new Uint8Array(64)),
    signature(
      's-plus-l',
      'S has the order of the group added: the same point, another text.',
      withS(sig, decodeNumber(sig.subarray(32)) + L),
    ),
    signature('small-order-r', 'R is the neutral element; the equation holds.', smallOrderR(body, signed.type)),
    signature(
      'mixed-order-r',
      'R has a component of order 8; the equation holds after multiplication by 8.',
      mixedOrderR(body, signed.type),
    ),
    signature(
      'other-type',
      'The signature is over the same bytes under another type.',
      over('sealift.validation.v1', body),
    ),
    signature('body-alone', 'The signature is over the canonical bytes alone.', signer.sign(body)),
    signature('whole-digest', 'The signature is over the digest.', signer.sign(text(hexOf(body)))),
    signature('layout', 'The signature is over the bytes as laid out.', over(signed.type, text(laidOut(signed)))),
    signature(
      'length-in-characters',
      'The length of the body is one too small.',
      signer.sign(text(`DSSEv1 21 ${signed.type} ${body.length - 1} ${new TextDecoder().decode(body)}`)),
    ),
    signature(
      'no-prefix',
      'The encoding before the signature lacks its first word.',
      signer.sign(text(`21 ${signed.type} ${body.length} ${new TextDecoder().decode(body)}`)),
    ),
  ];
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 32)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function withS(signature: Uint8Array, s: bigint): Uint8Array {
  return Uint8Array.from([...signature.subarray(0, 32), ...encodeNumber(s)]);
}

/** The scalar and public key of the first signer. */
function signer1(): { readonly scalar: bigint; readonly publicKey: Uint8Array } {
  const { scalar } = secretOf(deriveKey(1, 'SLidsign', fixedBytes('signer1')));
  return { scalar, publicKey: encode(multiply(scalar, BASE)) };
}

function smallOrderR(body: Uint8Array, type: string): Uint8Array {
  const { scalar, publicKey } = signer1();
  const r = encode(ZERO);
  const hash = hashScalar(r, publicKey, preAuthenticationEncoding(type, body));
  return Uint8Array.from([...r, ...encodeNumber((hash * scalar) % L)]);
}

function mixedOrderR(body: Uint8Array, type: string): Uint8Array {
  const { scalar, publicKey } = signer1();
  const nonce = hashScalar(body, encodeNumber(scalar));
  const r = encode(add(multiply(nonce, BASE), ORDER_8));
  const hash = hashScalar(r, publicKey, preAuthenticationEncoding(type, body));
  return Uint8Array.from([...r, ...encodeNumber((nonce + hash * scalar) % L)]);
}
