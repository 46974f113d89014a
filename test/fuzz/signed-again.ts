/** Signs changed documents again, as a dishonest party could: what is refused then is refused by more than a signature. */
import { digestText, sha256 } from '@sealift/core';
import { canonicalJson, type JsonObject, type JsonValue, type Signable, signDocument } from '@sealift/core/document';
import type { SecretIdentity } from '@sealift/core/identity';
import fc from 'fast-check';
import { appenderOf, type Cast } from './instructions.ts';
import type { MigrationDocuments } from './migration-documents.ts';
import { contentOf, type DocumentKind, json } from './readers.ts';

/** Entries that a processor removes, repeats or exchanges before it chains and signs them again; undefined: none. */
export type EntryOrder = { readonly kind: 'remove' | 'repeat' | 'exchange'; readonly at: number } | undefined;

/** What changes before the signature. */
export interface Change {
  readonly content: (old: JsonValue) => JsonValue;
  /** Which of a manifest's entries changes, modulo how many there are; one past the last: the instructions. */
  readonly which: number;
  readonly order: EntryOrder;
}

/** Most often the order stays. */
export function entryOrder(): fc.Arbitrary<EntryOrder> {
  const order = fc.record({ kind: fc.constantFrom('remove', 'repeat', 'exchange'), at: fc.nat(0xff) });
  return fc.option(order, { nil: undefined, freq: 1 });
}

/** How the signers of each kind sign a change. */
export const SIGNED_AGAIN: Readonly<
  Record<DocumentKind, (document: JsonValue, migration: MigrationDocuments, change: Change) => JsonValue>
> = {
  identity(document, { cast }, { content }) {
    const owner = Object.values(cast).find(
      ({ identity }) => digestOfJson(json(identity.document)) === digestOfJson(document),
    );
    return owner === undefined ? document : signedAgain(content(contentOf(document)), owner);
  },
  roster: (document, { cast }, { content }) => signedAgain(content(contentOf(document)), ...controller(cast)),
  instructions: (document, { cast }, { content }) => signedAgain(content(contentOf(document)), ...controller(cast)),
  entry: (document, { cast }, { content }) =>
    signedAgain(withPartySignatures(content(contentOf(document)), cast), appender(contentOf(document), cast)),
  'party document'(document, { cast }, { content }) {
    const old = contentOf(document);
    return signedAgain(content(old), ...(isObject(old) && 'recipient' in old ? [cast.recipient] : controller(cast)));
  },
  manifest: manifestAgain,
};

const controller = ({ director, manager }: Cast): SecretIdentity[] => [director, manager];

function manifestAgain(_: JsonValue, migration: MigrationDocuments, { content, which, order }: Change): JsonValue {
  const { cast, manifest, roster, instructions } = migration;
  const originals = manifest.entries.map((entry) => contentOf(json(entry)));
  const place = which % (originals.length + 1);
  const authority = contentOf(json(instructions));
  const authorityAgain = place === originals.length ? content(authority) : authority;
  const links: Link[] = originals.map((before, index) => ({
    before,
    after: index === place ? content(before) : before,
  }));
  const heads = new Map([[digestOfJson(authority) ?? '', digestOfJson(authorityAgain) ?? '']]);
  const entries = chainedAgain(reordered(links, order), { cast, heads, renumber: order !== undefined });
  const last = entries.at(-1) ?? null;
  const { time } = manifest.checkpoint.signed;
  const { job } = instructions.signed;
  const head = digestOfJson(contentOf(last)) ?? '';
  return {
    type: 'sealift.manifest.v1',
    roster: json(roster),
    instructions: [signedAgain(authorityAgain, ...controller(cast))],
    entries,
    checkpoint: signedAgain({ type: 'sealift.checkpoint.v1', job, seq: entries.length, head, time }, cast.operator),
  };
}

/** Who appended an entry of this content. */
function appender(content: JsonValue, cast: Cast): SecretIdentity {
  const statement = isObject(content) ? content['statement'] : undefined;
  return appenderOf(isObject(statement) ? statement['kind'] : undefined, cast);
}

/** An entry's content before the change and after it. */
interface Link {
  readonly before: JsonValue;
  readonly after: JsonValue;
}

function reordered(links: readonly Link[], order: EntryOrder): readonly Link[] {
  if (order === undefined) return links;
  const at = order.at % links.length;
  const [link, next] = [links[at], links[at + 1]];
  if (link === undefined || order.kind === 'remove') return links.toSpliced(at, 1);
  if (order.kind === 'repeat') return links.toSpliced(at, 0, link);
  return next === undefined ? links : links.toSpliced(at, 2, next, link);
}

/** An enveloped document of a changed content; a content that can't be signed keeps a signature that does not hold. */
function signedAgain(signed: JsonValue, ...signers: readonly SecretIdentity[]): JsonValue {
  if (isObject(signed) && typeof signed['type'] === 'string') {
    try {
      return signDocument(signed as unknown as Signable, ...signers) as unknown as JsonValue;
    } catch {
      // Not canonical: no honest reader gets as far as the signature either.
    }
  }
  const sig = `${'A'.repeat(86)}==`;
  return { signed, signatures: signers.map(({ fingerprint }) => ({ key: fingerprint, sig })) };
}

/**
 * Entries chained and signed again: every head that a later entry or party names follows the change (`heads`, from the old
 * to the new), and so do the signatures; with `renumber`, also numbers and links.
 */
function chainedAgain(
  links: readonly Link[],
  { cast, heads, renumber }: { cast: Cast; heads: Map<string, string>; renumber: boolean },
): JsonValue[] {
  let prev = [...heads.values()][0] ?? '';
  return links.map(({ before, after }, seq) => {
    const followed = substituted(after, heads);
    const numbered = renumber && isObject(followed) ? { ...followed, seq, prev } : followed;
    const content = withPartySignatures(numbered, cast);
    prev = digestOfJson(content) ?? '';
    heads.set(digestOfJson(before) ?? '', prev);
    return signedAgain(content, appender(before, cast));
  });
}

/** The digest of a content; undefined for one that has no canonical form. */
export function digestOfJson(value: JsonValue): string | undefined {
  try {
    return digestText(sha256(canonicalJson(value)));
  } catch {
    return undefined;
  }
}

/** The party's signature over the document that an entry embeds. */
function withPartySignatures(content: JsonValue, { director, manager, recipient }: Cast): JsonValue {
  if (!isObject(content) || !isObject(content['statement'])) return content;
  const { statement } = content;
  const document = statement['document'];
  if (!isObject(document) || document['signed'] === undefined) return content;
  const kind = statement['kind'];
  const signers = kind === 'receipt' || kind === 'import' ? [recipient] : [director, manager];
  return { ...content, statement: { ...statement, document: signedAgain(document['signed'], ...signers) } };
}

function substituted(value: JsonValue, texts: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === 'string') return texts.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (isArray(value)) return value.map((element) => substituted(element, texts));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, substituted(member, texts)]));
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isArray(value);
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
