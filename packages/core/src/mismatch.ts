/** Says in a sentence why a value does not match its JSON Schema. Never quotes the value: only names and rules. */
import type { ValidationError } from '@sealift/schemas';
import type { ErrorCode } from './errors.ts';
import { quoted } from './quoted.ts';

/** Where a document does not match, and why. */
export interface Mismatch {
  readonly code: ErrorCode;
  /** JSON Pointer of the value. */
  readonly pointer: string;
  readonly message: string;
}

/** One way of writing (doc/format.md §1), known by a text that is written so. */
interface Encoding {
  readonly sample: string;
  readonly rule: string;
  readonly code: ErrorCode;
}

/** A pattern belongs to the first encoding whose sample it accepts. */
const ENCODINGS: readonly Encoding[] = [
  { sample: 'Zm9vYmE=', rule: 'canonical base64', code: 'E_ENCODING' },
  { sample: `${'A'.repeat(43)}=`, rule: 'a public key of 32 bytes', code: 'E_KEY' },
  { sample: `${'A'.repeat(1622)}==`, rule: 'a hybrid public key of 1216 bytes', code: 'E_KEY' },
  { sample: `sha256:${'0'.repeat(64)}`, rule: 'sha256: and 64 lower-case hexadecimal digits', code: 'E_ENCODING' },
  {
    sample: `hmac-sha256:${'0'.repeat(64)}`,
    rule: 'hmac-sha256: and 64 lower-case hexadecimal digits',
    code: 'E_ENCODING',
  },
  {
    sample: 'patients-2026',
    rule: 'a name of a–z, 0–9 and -, with a letter or digit at both ends, and not a reserved one',
    code: 'E_SCHEMA',
  },
  { sample: 'a'.repeat(52), rule: 'a fingerprint of 52 characters, without spaces', code: 'E_ENCODING' },
  { sample: '2026-01-31T23:59:59Z', rule: 'a time that exists, in UTC, as 2026-01-31T23:59:59Z', code: 'E_SCHEMA' },
  { sample: '2026-01-31', rule: 'a date that exists, as 2026-01-31', code: 'E_SCHEMA' },
  { sample: '+02:00', rule: 'an offset from UTC of at most 14 hours, as +02:00', code: 'E_SCHEMA' },
  { sample: 'FR', rule: 'a country of two capital letters, as FR', code: 'E_SCHEMA' },
  { sample: 'ssh-ed25519 AAAA', rule: 'an OpenSSH public key of type and base64, without comment', code: 'E_SCHEMA' },
];

/** Keywords that only report that the alternatives under them failed. */
const COMBINING: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'if', 'allOf']);

/** Chooses the error that says most, the one deepest in the document, and words it. */
export function describeMismatch(errors: readonly ValidationError[]): Mismatch {
  const telling = errors.filter(({ keyword }) => !COMBINING.has(keyword));
  const [error] = telling.toSorted((left, right) => depth(right) - depth(left));
  if (error === undefined) return { code: 'E_SCHEMA', pointer: '', message: 'it does not match its schema' };
  const code = encodingOf(error)?.code ?? 'E_SCHEMA';
  return { code, pointer: pointerOfError(error), message: `${subject(error)} ${predicate(error)}` };
}

function depth({ instancePath }: ValidationError): number {
  return instancePath.split('/').length;
}

/** An unknown member is the place itself; a missing one has none, so its object is. */
function pointerOfError({ instancePath, params }: ValidationError): string {
  const unknown = unknownMember(params);
  return unknown === undefined
    ? instancePath
    : `${instancePath}/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function unknownMember(params: ValidationError['params']): string | undefined {
  const name = params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof name === 'string' ? name : undefined;
}

function subject({ instancePath }: ValidationError): string {
  return instancePath === '' ? 'the document' : quoted(instancePath.split('/').at(-1) ?? '');
}

function predicate(error: ValidationError): string {
  const { keyword, params, message } = error;
  switch (keyword) {
    case 'required':
      return `has no member ${JSON.stringify(params['missingProperty'])}`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return `has an unknown member ${quoted(unknownMember(params) ?? '')}`;
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`;
    case 'enum':
      return `must be one of ${JSON.stringify(params['allowedValues'])}`;
    case 'pattern':
      return `is not ${encodingOf(error)?.rule ?? 'written as the format wants it'}`;
    default:
      return message ?? 'does not match its schema';
  }
}

/** Which encoding's pattern did not match. Patterns of lengths alone aren't anchored and belong to none. */
function encodingOf({ keyword, params }: ValidationError): Encoding | undefined {
  const { pattern } = params;
  if (keyword !== 'pattern' || typeof pattern !== 'string' || !pattern.startsWith('^')) return undefined;
  const expression = new RegExp(pattern, 'u');
  return ENCODINGS.find(({ sample }) => expression.test(sample));
}
