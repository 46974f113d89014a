/** Changes to the structure of a JSON value, each a small plain value that fast-check can shrink and print. */
import type { JsonValue } from '@sealift/core/document';
import fc from 'fast-check';

/** One change at a node. `node` and `other` count nodes from the root, modulo how many there are. */
export interface JsonChange {
  readonly kind: 'nudge' | 'graft' | 'replace' | 'remove' | 'repeat' | 'rename' | 'reverse';
  readonly node: number;
  readonly other: number;
  readonly name: string;
  readonly value: JsonValue;
}

type Path = readonly (string | number)[];

/** Names that mean something to a reader, or to JavaScript. */
const NAMES = [
  '__proto__',
  'constructor',
  'toString',
  '',
  'type',
  'kind',
  'signed',
  'signatures',
  'note',
  'a'.repeat(3000),
];

/** 52 characters that are no fingerprint of anybody, times at the edges, weak keys, texts that look alike. */
const TEXTS = [
  '',
  ' ',
  '*',
  'e\u0301',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u202e',
  'x'.repeat(3000),
  'a'.repeat(52),
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59Z',
  '2026-02-30T00:00:00Z',
  '0000-01-01',
  '9999-12-31',
  'sealift.entry.v1',
  'sealift.entry.v2',
  'sealift.secret-identity.v1',
  'sealedbox',
  'manifest',
  `${'A'.repeat(43)}=`,
  `AQ${'A'.repeat(41)}=`,
  `7f${'/'.repeat(39)}38=`,
  `${'/'.repeat(42)}8=`,
  `sha256:${'0'.repeat(64)}`,
  `hmac-sha256:${'0'.repeat(64)}`,
];

const NUMBERS = [0, -0, -1, 1, 2, 32, 1_000_000, 1_000_001, 2 ** 53 - 1, 2 ** 53, 0.5, 1e300];

function nested(depth: number): JsonValue {
  return depth === 0 ? 0 : [nested(depth - 1)];
}

/** One to three changes. */
export function jsonChanges(): fc.Arbitrary<readonly JsonChange[]> {
  const value = fc.constantFrom<JsonValue>(...TEXTS, ...NUMBERS, true, false, null, [], {}, nested(3), nested(70));
  const change = fc.record<JsonChange>({
    kind: fc.constantFrom(
      'nudge',
      'nudge',
      'nudge',
      'graft',
      'graft',
      'replace',
      'replace',
      'remove',
      'repeat',
      'rename',
      'reverse',
    ),
    node: fc.nat(0xffff),
    other: fc.nat(0xffff),
    name: fc.constantFrom(...NAMES),
    value,
  });
  return fc.array(change, { minLength: 1, maxLength: 3 });
}

/** The value after the changes, in order; the original stays as it is. */
export function changeJson(original: JsonValue, changes: readonly JsonChange[]): JsonValue {
  return changes.reduce(changed, original);
}

function changed(root: JsonValue, { kind, node, other, name, value }: JsonChange): JsonValue {
  const paths = pathsOf(root);
  const path = paths[node % paths.length] ?? [];
  const parent = path.slice(0, -1);
  const last = path.at(-1);
  switch (kind) {
    case 'nudge':
      return replacedAt(root, path, (old) => nudged(old, other));
    case 'graft':
      return replacedAt(root, path, (old) => graft(root, old, other));
    case 'replace':
      return replacedAt(root, path, () => value);
    case 'reverse':
      return replacedAt(root, path, (old) => withMembers(old, (members) => members.toReversed()));
    case 'remove':
      return replacedAt(root, parent, (old) => withMembers(old, (all) => all.filter(([key]) => key !== last)));
    case 'repeat':
      return replacedAt(root, parent, (old) =>
        withMembers(old, (all) => all.flatMap((m) => (m[0] === last ? [m, [name, m[1]]] : [m]))),
      );
    case 'rename':
      return replacedAt(root, parent, (old) =>
        withMembers(old, (all) => all.map(([k, v]) => [k === last ? name : k, v])),
      );
  }
}

/** Another node's value, of the same type: digests take digests' places, times those of times. */
function graft(root: JsonValue, old: JsonValue, other: number): JsonValue {
  const values = pathsOf(root).map((path) => valueAt(root, path));
  const alike = values.filter((value) => typeof value === typeof old && formOf(value) === formOf(old));
  return alike[other % alike.length] ?? null;
}

/** What a value looks like from afar: a text's length and last character, a container's members. */
function formOf(value: JsonValue): string {
  if (typeof value === 'string') return `${value.length > 30 ? value.length : ''}${value.at(-1)}`;
  return isContainer(value) ? String(Array.isArray(value)) : '';
}

type Member = readonly [key: string | number, value: JsonValue];

const isContainer = (value: JsonValue | undefined): value is Exclude<JsonValue, null | boolean | number | string> =>
  typeof value === 'object' && value !== null;

function membersOf(value: JsonValue | undefined): readonly Member[] {
  if (!isContainer(value)) return [];
  return Array.isArray(value) ? value.map((element, index): Member => [index, element]) : Object.entries(value);
}

/** `Object.fromEntries` makes even `__proto__` an ordinary member. */
function withMembers(value: JsonValue, change: (members: readonly Member[]) => readonly Member[]): JsonValue {
  if (!isContainer(value)) return value;
  const members = change(membersOf(value));
  return Array.isArray(value) ? members.map(([, element]) => element) : Object.fromEntries(members);
}

/** Every node's path, the root's first. */
function pathsOf(value: JsonValue, path: Path = []): Path[] {
  return [path, ...membersOf(value).flatMap(([key, member]) => pathsOf(member, [...path, key]))];
}

function valueAt(value: JsonValue, path: Path): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const member = membersOf(value).find(([name]) => name === key);
  return member === undefined ? null : valueAt(member[1], rest);
}

function replacedAt(value: JsonValue, path: Path, change: (old: JsonValue) => JsonValue): JsonValue {
  const [key, ...rest] = path;
  if (key === undefined) return change(value);
  return withMembers(value, (members) =>
    members.map(([name, member]) => [name, name === key ? replacedAt(member, rest, change) : member]),
  );
}

/** The smallest changes to a single value. */
function nudged(value: JsonValue, by: number): JsonValue {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + (by % 2 === 0 ? 1 : -1);
  if (typeof value !== 'string') return value;
  const at = by % (value.length + 1);
  const altered = String.fromCharCode((value.charCodeAt(at) || 0x61) ^ 1);
  return by % 3 === 0 ? `${value} ` : value.slice(0, at) + altered + value.slice(at + 1);
}
