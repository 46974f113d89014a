/** Sealed files (doc/format.md §8 and §9). Their bytes are random in part: they were made once, and are made anew on demand alone. */
import { decodeBase64, encodeBase64 } from '../../packages/core/src/base64.ts';
import { TAG_MESSAGE } from '../../packages/core/src/sealed/chunks.ts';
import { digestOf } from '../../packages/core/src/sha256.ts';
import type { Suite, WrappedKey } from '../../packages/core/src/wrap.ts';
import { flipped, text } from './edit.ts';
import { fixedBytes } from './people.ts';
import {
  CHUNK,
  FILE_PLACE,
  fileOfParts,
  final,
  headOf,
  joined,
  message,
  type Parts,
  pattern,
  sorted,
  tiny,
  type Writer,
  wrap,
  written,
} from './sealed-file.ts';
import {
  accepted,
  type Expectation,
  type Family,
  type FileRange,
  type Layer,
  type MadeVector,
  type Run,
  refused,
} from './vector.ts';

type Sealed = Extract<Run, { run: 'sealed' }>;
const RUN: Sealed = { run: 'sealed', identity: 'recipient1' };
const HYBRID = 'xwing-sealedbox';

function bad(
  name: string,
  what: string,
  expect: readonly [Layer, string],
  content: Uint8Array,
  run: Partial<Sealed> = {},
): MadeVector {
  return refused(name, what, expect, content, { ...RUN, ...run });
}

function good(
  name: string,
  what: string,
  writer: Writer,
  plaintext: Uint8Array,
  run: Partial<Sealed> = {},
): MadeVector {
  const outcome = { bytes: plaintext.length, digest: digestOf(plaintext) };
  return accepted(name, what, fileOfParts(written(writer)), { ...RUN, ...run, plaintext: outcome });
}

function goodVectors(): MadeVector[] {
  const place = { job: FILE_PLACE.job, dataset: FILE_PLACE.dataset };
  const one = Uint8Array.of(0x61);
  return [
    good('good/hybrid', 'The default suite, two recipients.', { suite: HYBRID }, tiny(), place),
    good(
      'good/hybrid-second-recipient',
      'The default suite, opened by the second recipient.',
      { suite: HYBRID },
      tiny(),
      { identity: 'recipient2' },
    ),
    good('good/sealed-box', 'The plain suite.', {}, tiny(), place),
    good(
      'good/one-recipient',
      'One recipient.',
      { keys: [wrap(fixedBytes('file key'), 'recipient1', 'sealedbox')] },
      tiny(),
    ),
    good(
      'good/empty',
      'An empty plaintext: one empty FINAL chunk.',
      { chunks: [final(new Uint8Array(0))] },
      new Uint8Array(0),
    ),
    good('good/one-byte', 'A plaintext of one byte.', { chunks: [final(one)] }, one),
  ];
}

function prefixVectors(): MadeVector[] {
  const file = fileOfParts(written());
  const claims = (length: number): Uint8Array =>
    file.map((byte, at) => (at >= 18 && at < 22 ? (length >>> (8 * (21 - at))) & 0xff : byte));
  const sealed: readonly [Layer, string] = ['sealed-prefix', 'E_SEALED'];
  return [
    bad('prefix/no-sealed-file', 'A CSV file.', sealed, text('number,NOM\r\n1,Exemple de fichier en clair\r\n')),
    bad('prefix/other-version', 'The magic of another version.', sealed, flipped(file, 16, 0x03)),
    bad(
      'prefix/crlf',
      'The magic was changed by a transfer in text mode.',
      sealed,
      joined(text('sealift-sealed-v1\r\n'), file.subarray(18)),
    ),
    bad('prefix/length-above-limit', 'The header claims one byte more than 1 MiB.', sealed, claims(1_048_577)),
    bad('prefix/length-largest', 'The header claims the most that four bytes can say.', sealed, claims(0xffffffff)),
    bad('prefix/little-endian', 'The length has its least significant byte first.', sealed, littleEndian(file)),
    bad('prefix/empty', 'The file is empty.', ['sealed-prefix', 'E_TRUNCATED'], new Uint8Array(0)),
    bad(
      'prefix/cut-in-magic',
      'The file ends inside the magic.',
      ['sealed-prefix', 'E_TRUNCATED'],
      file.subarray(0, 9),
    ),
    bad(
      'prefix/cut-in-length',
      'The file ends inside the length.',
      ['sealed-prefix', 'E_TRUNCATED'],
      file.subarray(0, 20),
    ),
  ];
}

function littleEndian(file: Uint8Array): Uint8Array {
  return joined(file.subarray(0, 18), file.subarray(18, 22).toReversed(), file.subarray(22));
}

type Rewrite = readonly [name: string, what: string, code: string, rewrite: (header: string) => string];

const REWRITES: readonly Rewrite[] = [
  ['white-space', 'A space stands after a colon.', 'E_SEALED', (header) => header.replace(':', ': ')],
  [
    'order',
    'Members are in another order.',
    'E_SEALED',
    (header) => header.replace(/^\{("chunk":65536),(.*)\}$/, '{$2,$1}'),
  ],
  ['line-feed', 'A line feed follows the header.', 'E_SEALED', (header) => `${header}\n`],
  ['escape', 'A letter is written as an escape.', 'E_SEALED', (header) => header.replace('patients', '\\u0070atients')],
  [
    'duplicate-member',
    'The chunk size is there twice.',
    'E_JSON_DUP',
    (header) => header.replace('{', '{"chunk":65536,'),
  ],
  ['unknown-member', 'A member that the schema does not name.', 'E_SCHEMA', (header) => header.replace('{', '{"a":1,')],
  ['chunk-size', 'Another chunk size.', 'E_SCHEMA', (header) => header.replace('65536', '4096')],
  [
    'fraction',
    'The chunk size is written with a fraction.',
    'E_NUMBER',
    (header) => header.replace('65536', '65536.0'),
  ],
  [
    'newer-version',
    'The type is of a newer version.',
    'E_VERSION',
    (header) => header.replace('sealed.v1', 'sealed.v2'),
  ],
  ['dataset-path', 'The dataset is a path.', 'E_SCHEMA', (header) => header.replace('patients', '../patients')],
  [
    'unknown-suite',
    'The suite is unknown.',
    'E_SCHEMA',
    (header) => header.replace('"suite":"sealedbox"', '"suite":"none"'),
  ],
  ['no-recipient', 'There is no wrap.', 'E_SCHEMA', (header) => header.replace(/"keys":\[.*\]/, '"keys":[]')],
  [
    'commitment-base64url',
    'The commitment has the letters for URLs.',
    'E_ENCODING',
    (header) => header.replace(/"commitment":"./, '"commitment":"-'),
  ],
  [
    'commitment-31-bytes',
    'The commitment has 31 bytes.',
    'E_SCHEMA',
    (header) => header.replace(/"commitment":"[^"]*"/, `"commitment":"${encodeBase64(new Uint8Array(31))}"`),
  ],
  ['no-commitment', 'There is no commitment.', 'E_SCHEMA', (header) => header.replace(/"commitment":"[^"]*",/, '')],
  ['trailing-comma', 'A comma follows the last member.', 'E_JSON', (header) => header.replace(/\}$/, ',}')],
  [
    'box-short',
    'A wrap has 79 bytes.',
    'E_SCHEMA',
    (header) => header.replace(/"box":"[^"]*"/, `"box":"${encodeBase64(new Uint8Array(79))}"`),
  ],
];

function headerVectors(): MadeVector[] {
  const key = fixedBytes('file key');
  const both = sorted([wrap(key, 'recipient1', 'sealedbox'), wrap(key, 'recipient2', 'sealedbox')]);
  const mixed = sorted([wrap(key, 'recipient1', 'sealedbox'), wrap(key, 'recipient2', HYBRID)]);
  const [first] = both;
  const with31 = { ...wrap(key, 'recipient1', HYBRID), kem: encodeBase64(new Uint8Array(1088)) };
  const header = (name: string, what: string, code: string, writer: Writer): MadeVector =>
    bad(`header/${name}`, what, ['sealed-header', code], fileOfParts(written(writer)));
  const file = fileOfParts(written());
  const headLength = written().head.length;
  return [
    ...REWRITES.map(([name, what, code, rewrite]) => header(name, what, code, { rewrite })),
    header('not-sorted', 'The recipients are not sorted.', 'E_SEALED', { keys: both.toReversed() }),
    header('recipient-twice', 'A recipient is named twice.', 'E_SEALED', {
      keys: first === undefined ? [] : [first, first],
    }),
    header('mixed-suites-plain', 'A hybrid wrap in a file of the plain suite.', 'E_SUITE', { keys: mixed }),
    header('mixed-suites-hybrid', 'A plain wrap in a file of the hybrid suite.', 'E_SUITE', {
      suite: HYBRID,
      keys: mixed,
    }),
    header('all-plain-called-hybrid', 'Plain wraps alone, in a file that calls itself hybrid.', 'E_SUITE', {
      suite: HYBRID,
      keys: both,
    }),
    header('kem-short', 'A KEM ciphertext of 1088 bytes.', 'E_SCHEMA', { suite: HYBRID, keys: [with31] }),
    bad(
      'header/cut-in-header',
      'The file ends inside the header.',
      ['sealed-header', 'E_TRUNCATED'],
      file.subarray(0, 300),
    ),
    bad(
      'header/cut-before-mac',
      'The file ends before the MAC.',
      ['sealed-header', 'E_TRUNCATED'],
      file.subarray(0, headLength),
    ),
    bad(
      'header/cut-in-stream-header',
      'The file ends inside the stream header.',
      ['sealed-header', 'E_TRUNCATED'],
      file.subarray(0, headLength + 32 + 12),
    ),
  ];
}

function wrapVectors(): MadeVector[] {
  const key = fixedBytes('file key');
  const hybrid = wrap(key, 'recipient1', HYBRID);
  const plain = wrap(key, 'recipient1', 'sealedbox');
  const altered = (member: 'box' | 'kem', wrapped: WrappedKey, at: number): WrappedKey => ({
    ...wrapped,
    [member]: encodeBase64(flipped(decodeBase64(wrapped[member] ?? ''), at)),
  });
  const one = (name: string, what: string, suite: Suite, wrapped: WrappedKey): MadeVector =>
    bad(`wrap/${name}`, what, ['wrap', 'E_ENVELOPE'], fileOfParts(written({ suite, keys: [wrapped] })));
  const other = (place: Partial<typeof FILE_PLACE>): WrappedKey =>
    wrap(key, 'recipient1', HYBRID, { ...FILE_PLACE, ...place });
  return [
    bad('wrap/no-match', 'The reader is no recipient.', ['wrap', 'E_NO_MATCH'], fileOfParts(written()), {
      identity: 'outsider',
    }),
    bad(
      'wrap/no-match-hybrid',
      'The reader is no recipient, in the hybrid suite.',
      ['wrap', 'E_NO_MATCH'],
      fileOfParts(written({ suite: HYBRID })),
      { identity: 'operator1' },
    ),
    one(
      'kem-mlkem-bit',
      'One bit of the ML-KEM part of the KEM ciphertext changed.',
      HYBRID,
      altered('kem', hybrid, 100),
    ),
    one(
      'kem-x25519-bit',
      'One bit of the X25519 part of the KEM ciphertext changed.',
      HYBRID,
      altered('kem', hybrid, 1100),
    ),
    one('kem-of-another', 'The KEM ciphertext is of another wrap for the same recipient.', HYBRID, {
      ...hybrid,
      kem: wrap(key, 'recipient1', HYBRID).kem ?? '',
    }),
    one('outer-bit', 'One bit of the outer box changed.', HYBRID, altered('box', hybrid, 3)),
    one('outer-tag', 'One bit of the outer box’s tag changed.', HYBRID, altered('box', hybrid, 95)),
    one(
      'inner-bit',
      'One bit of the sealed box inside a good outer box changed.',
      HYBRID,
      wrap(key, 'recipient1', HYBRID, FILE_PLACE, flipped(decodeBase64(plain.box), 40)),
    ),
    one(
      'inner-of-another',
      'The sealed box inside a good outer box was made for another recipient.',
      HYBRID,
      wrap(key, 'recipient1', HYBRID, FILE_PLACE, decodeBase64(wrap(key, 'recipient2', 'sealedbox').box)),
    ),
    one('of-another-recipient', 'The wrap was made for another recipient and has this one’s name.', HYBRID, {
      ...wrap(key, 'recipient2', HYBRID),
      recipient: hybrid.recipient,
    }),
    one('of-another-job', 'The wrap was made for another job.', HYBRID, other({ job: 'vectors-2027' })),
    one('of-another-dataset', 'The wrap was made for another dataset.', HYBRID, other({ dataset: 'results' })),
    one('of-another-purpose', 'The wrap was made for a digest key.', HYBRID, other({ purpose: 'digest' })),
    one('80-bytes', 'A hybrid wrap whose box is a sealed box without its outer layer.', HYBRID, {
      ...hybrid,
      box: plain.box,
    }),
    one(
      'key-of-31-bytes',
      'The hybrid wrap is of 31 bytes.',
      HYBRID,
      wrap(key.subarray(1), 'recipient1', HYBRID, FILE_PLACE, plainOf31(key)),
    ),
    one('plain-bit', 'One bit of a plain sealed box changed.', 'sealedbox', altered('box', plain, 50)),
    one('plain-of-another', 'A plain sealed box was made for another recipient and has this one’s name.', 'sealedbox', {
      ...wrap(key, 'recipient2', 'sealedbox'),
      recipient: plain.recipient,
    }),
    one('plain-96-bytes', 'A plain wrap of 96 bytes.', 'sealedbox', { recipient: plain.recipient, box: hybrid.box }),
  ];
}

/** A sealed box of 31 bytes and one byte more, so that its length alone does not give it away. */
function plainOf31(key: Uint8Array): Uint8Array {
  const box = decodeBase64(wrap(key.subarray(1), 'recipient1', 'sealedbox').box);
  return joined(box, Uint8Array.of(0));
}

function bindingVectors(): MadeVector[] {
  const key = fixedBytes('file key');
  const parts = written();
  const keysFor = (...wraps: readonly WrappedKey[]): Uint8Array => {
    const head = headOf({ ...parts.header, keys: sorted(wraps) });
    return fileOfParts({ ...parts, head });
  };
  const [first, second] = parts.header.keys;
  const mine = parts.header.keys.filter(
    ({ recipient }) => recipient === wrap(key, 'recipient1', 'sealedbox').recipient,
  );
  const member = (change: Record<string, string>): Uint8Array =>
    fileOfParts({ ...parts, head: headOf({ ...parts.header, ...change }) });
  const macBit = (at: number): Uint8Array => fileOfParts({ ...parts, mac: flipped(parts.mac, at) });
  const mac = (name: string, what: string, content: Uint8Array): MadeVector =>
    bad(`mac/${name}`, what, ['header-mac', 'E_HEADER_MAC'], content);
  const commit = (name: string, what: string, writer: Writer, run: Partial<Sealed> = {}): MadeVector =>
    bad(`commitment/${name}`, what, ['commitment', 'E_COMMIT'], fileOfParts(written(writer)), run);
  const two = sorted([wrap(key, 'recipient1', 'sealedbox'), wrap(fixedBytes('second key'), 'recipient2', 'sealedbox')]);
  return [
    mac('recipient-removed', 'A recipient was removed from the header.', keysFor(...mine)),
    mac(
      'recipient-added',
      'A recipient was added to the header.',
      keysFor(...[first, second].filter((one) => one !== undefined), wrap(key, 'outsider', 'sealedbox')),
    ),
    mac('job-changed', 'The header’s job was changed.', member({ job: 'vectors-2027' })),
    mac('dataset-changed', 'The header’s dataset was changed.', member({ dataset: 'results' })),
    mac('first-bit', 'One bit of the MAC changed.', macBit(0)),
    mac('last-bit', 'The last bit of the MAC changed.', macBit(31)),
    mac(
      'of-another-file',
      'The MAC is that of another file under the same key.',
      fileOfParts({ ...parts, mac: written({ suite: HYBRID }).mac }),
    ),
    commit(
      'two-plaintexts',
      'Two recipients have two file keys: the one that the header does not commit to.',
      { keys: two },
      { identity: 'recipient2' },
    ),
    commit('zero', 'The commitment is all zero.', { commitment: encodeBase64(new Uint8Array(32)) }),
    commit('one-bit', 'One bit of the commitment changed.', {
      commitment: encodeBase64(flipped(decodeBase64(String(parts.header['commitment'])), 31)),
    }),
    commit('hybrid', 'The file key in the hybrid wrap is another one.', {
      suite: HYBRID,
      keys: [wrap(fixedBytes('second key'), 'recipient1', HYBRID)],
    }),
    bad('place/other-job', 'The reader wants a file of another job.', ['place', 'E_MISMATCH'], fileOfParts(parts), {
      job: 'vectors-2027',
      dataset: 'patients',
    }),
    bad(
      'place/other-dataset',
      'The reader wants a file of another dataset.',
      ['place', 'E_MISMATCH'],
      fileOfParts(parts),
      { job: FILE_PLACE.job, dataset: 'results' },
    ),
  ];
}

const E_AUTH: readonly [Layer, string] = ['stream', 'E_AUTH'];

/** A file of several chunks, and where they lie in it. */
class ChunkFile {
  readonly name: string;
  readonly parts: Parts;

  constructor(name: string, writer: Writer) {
    this.name = name;
    this.parts = written(writer);
  }

  /** Everything before the first chunk. */
  get start(): number {
    return this.parts.head.length + this.parts.mac.length + this.parts.streamHeader.length;
  }

  head(): FileRange {
    return { file: `${this.name}.sealed`, from: 0, to: this.start };
  }

  /** A chunk, or its first bytes. */
  chunk(index: number, bytes = Number.POSITIVE_INFINITY): FileRange {
    const lengths = this.parts.chunks.map((chunk) => chunk.length);
    const from = this.start + lengths.slice(0, index).reduce((sum, length) => sum + length, 0);
    return { file: `${this.name}.sealed`, from, to: from + Math.min(lengths[index] ?? 0, bytes) };
  }
}

function spliced(
  name: string,
  what: string,
  expect: Expectation,
  parts: readonly FileRange[],
  run: Partial<Sealed> = {},
): MadeVector {
  return { vector: { name, what, parts, expect, ...RUN, ...run } };
}

/** Chunks that are moved, doubled or lost: told as ranges of three files, since chunks are large and can't be compressed. */
function streamVectors(): MadeVector[] {
  const three = new ChunkFile('good/three-chunks', { chunks: [message(0), message(7), final(Uint8Array.of(1))] });
  const two = new ChunkFile('stream/two-finals', { chunks: [final(pattern(CHUNK)), final(Uint8Array.of(1))] });
  const empty = new ChunkFile('stream/empty-final-after-another', { chunks: [message(), final(new Uint8Array(0))] });
  const plaintext = joined(pattern(CHUNK), pattern(CHUNK, 7), Uint8Array.of(1));
  const outcome = (bytes: Uint8Array): Partial<Sealed> => ({
    plaintext: { bytes: bytes.length, digest: digestOf(bytes) },
  });
  const [auth, truncated, trailing] = (['E_AUTH', 'E_TRUNCATED', 'E_TRAILING'] as const).map((code) => ({
    layer: 'stream' as const,
    code,
  }));
  const chunks = (
    name: string,
    what: string,
    expect: Expectation | undefined,
    ...ranges: readonly FileRange[]
  ): MadeVector => spliced(`stream/${name}`, what, expect ?? 'accept', [three.head(), ...ranges]);
  const [first, second, third] = [three.chunk(0), three.chunk(1), three.chunk(2)];
  return [
    accepted(three.name, 'Two full chunks and one byte.', fileOfParts(three.parts), { ...RUN, ...outcome(plaintext) }),
    bad(
      two.name,
      'A chunk follows a full FINAL chunk, under the same stream.',
      ['stream', 'E_TRAILING'],
      fileOfParts(two.parts),
    ),
    bad(empty.name, 'An empty FINAL chunk follows a full one.', E_AUTH, fileOfParts(empty.parts)),
    spliced(
      'good/one-full-chunk',
      'A plaintext of exactly one chunk: FINAL is full.',
      'accept',
      [two.head(), two.chunk(0)],
      outcome(pattern(CHUNK)),
    ),
    spliced('stream/trailing-byte', 'One byte follows a full FINAL chunk.', trailing ?? 'accept', [
      two.head(),
      two.chunk(0),
      two.chunk(1, 1),
    ]),
    spliced('stream/full-final-cut', 'A full FINAL chunk lacks its last byte.', auth ?? 'accept', [
      two.head(),
      two.chunk(0, CHUNK + 16),
    ]),
    chunks('swapped', 'Two chunks are swapped.', auth, second, first, third),
    chunks('duplicated', 'A chunk is there twice.', auth, first, first, second, third),
    chunks('dropped', 'A chunk is missing.', auth, first, third),
    chunks('first-dropped', 'The first chunk is missing.', auth, second, third),
    chunks(
      'from-another-file',
      'A chunk is of another file under the same file key.',
      auth,
      empty.chunk(0),
      second,
      third,
    ),
    chunks('missing-final', 'The file ends after a chunk that is not FINAL.', truncated, first, second),
    chunks('few-bytes-of-a-chunk', 'The file ends 16 bytes into a chunk.', truncated, first, three.chunk(1, 16)),
    chunks(
      'overhead-of-a-chunk',
      'The file ends 17 bytes into a chunk: a cut that looks like an alteration.',
      auth,
      first,
      three.chunk(1, 17),
    ),
    chunks('cut-in-a-chunk', 'The file ends inside a full chunk.', auth, first, three.chunk(1, 40_000)),
  ];
}

function shortStreamVectors(): MadeVector[] {
  const parts = written();
  const file = fileOfParts(parts);
  const streamAt = parts.head.length + 32;
  const other = written();
  const twoFinals = written({ chunks: [final(tiny()), final(tiny())] });
  const hybrid = written({ suite: HYBRID });
  return [
    bad(
      'stream/no-chunk',
      'The file ends after the stream header.',
      ['stream', 'E_TRUNCATED'],
      file.subarray(0, streamAt + 24),
    ),
    bad('stream/cut-in-final', 'The file ends inside the last chunk.', E_AUTH, file.subarray(0, -1)),
    bad(
      'stream/trailing-byte-after-short-final',
      'One byte follows a FINAL chunk that is not full: it becomes part of it.',
      E_AUTH,
      joined(file, Uint8Array.of(0)),
    ),
    bad('stream/two-short-finals', 'Two FINAL chunks that are not full.', E_AUTH, fileOfParts(twoFinals)),
    bad('stream/file-twice', 'The file follows itself.', E_AUTH, joined(file, file)),
    bad(
      'stream/short-message',
      'A MESSAGE chunk that is not full.',
      E_AUTH,
      fileOfParts(written({ chunks: [[tiny(), TAG_MESSAGE]] })),
    ),
    bad(
      'stream/empty-message',
      'An empty MESSAGE chunk alone.',
      E_AUTH,
      fileOfParts(written({ chunks: [[new Uint8Array(0), TAG_MESSAGE]] })),
    ),
    bad('stream/push-tag', 'The last chunk has the tag PUSH.', E_AUTH, fileOfParts(written({ chunks: [[tiny(), 1]] }))),
    bad(
      'stream/rekey-tag',
      'The last chunk has the tag REKEY.',
      E_AUTH,
      fileOfParts(written({ chunks: [[tiny(), 2]] })),
    ),
    bad('stream/first-bit', 'The first bit of the chunk changed: its tag.', E_AUTH, flipped(file, streamAt + 24)),
    bad('stream/last-bit', 'The last bit of the file changed.', E_AUTH, flipped(file, -1)),
    bad('stream/stream-header-bit', 'One bit of the stream header changed.', E_AUTH, flipped(file, streamAt)),
    bad(
      'stream/of-another-file',
      'The stream is that of another file under the same file key.',
      E_AUTH,
      fileOfParts({ ...parts, streamHeader: other.streamHeader, chunks: other.chunks }),
    ),
    bad(
      'stream/other-header-digest',
      'The stream was made under a header of the other suite, with the same file key.',
      E_AUTH,
      fileOfParts({ ...parts, streamHeader: hybrid.streamHeader, chunks: hybrid.chunks }),
    ),
  ];
}

/** Every vector of sealed files, made anew. */
export function sealedFamily(): Family {
  return {
    name: 'sealed',
    files: [],
    vectors: [
      ...goodVectors(),
      ...prefixVectors(),
      ...headerVectors(),
      ...wrapVectors(),
      ...bindingVectors(),
      ...streamVectors(),
      ...shortStreamVectors(),
    ],
  };
}
