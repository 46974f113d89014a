/** The order in which people read instructions: that of the tables in doc/format.md section 7. */
import type { JsonObject, JsonValue } from '@sealift/core/document';

/** Member names in their order, each with the order below it; elements of an array follow the array's. */
interface Order {
  readonly [member: string]: Order;
}

const END: Order = {};
const SIGNED_DOCUMENT: Order = {
  signed: { type: END, name: END, sign: END, box: END, kem: END, created: END },
  signatures: END,
};
const BOUND: Order = { date: END, offset: END, inclusive: END };
const WINDOW: Order = {
  ...{ field: END, format: END, pivot: END, from: BOUND, to: BOUND },
  ...{ emptyDate: END, impossibleDate: END },
};

const DATASET: Order = {
  name: END,
  dialect: {
    encoding: END,
    delimiter: END,
    quote: END,
    doubleQuote: END,
    newline: END,
    preamble: END,
    header: END,
    trailingDelimiter: END,
  },
  fields: { name: END, as: END, freeText: END, purpose: END, note: END },
  window: { all: WINDOW, any: WINDOW, ...WINDOW },
  link: { field: END, to: END, toField: END },
  expected: { rows: END, kept: END },
  ceiling: { rows: END, bytes: END },
  malformed: END,
  disposeSource: END,
  note: END,
};

const INSTRUCTIONS: Order = {
  type: END,
  lab: { id: { scheme: END, value: END }, name: END },
  roster: END,
  job: END,
  version: END,
  issued: END,
  notBefore: END,
  expires: END,
  proposedBy: { name: END, organisation: END },
  processor: {
    name: END,
    country: END,
    operators: { name: END, account: END, undertaking: END, unattended: END, sshKey: END, identity: SIGNED_DOCUMENT },
  },
  recipients: { name: END, account: END, country: END, expires: END, sshKey: END, identity: SIGNED_DOCUMENT },
  contract: {
    reference: END,
    digest: END,
    expires: END,
    subjectMatter: END,
    duration: END,
    nature: END,
    purpose: END,
    dataKinds: END,
    dataSubjects: END,
  },
  transfers: { outsideEea: END, countries: END, safeguard: END },
  source: { product: END, version: END, endOfLife: END },
  suite: END,
  datasets: DATASET,
  endpoint: { host: END, port: END, country: END, hostKey: END, folder: END, readBack: END },
  gates: { delivery: END, purge: END },
  deadlines: { delivery: END, purge: END, warnDays: END, atPurge: END },
  retention: { dataDays: END, logsDays: END, evidenceDays: END },
  revoked: { identity: END, since: END, reason: END },
  requires: END,
  note: END,
};

/** The members of instructions in readable order; unknown members come last, for the schema to refuse. */
export function inReadableOrder(members: JsonObject): JsonObject {
  return orderedObject(members, INSTRUCTIONS);
}

function ordered(value: JsonValue, order: Order): JsonValue {
  if (isArray(value)) return value.map((element) => ordered(element, order));
  return typeof value === 'object' && value !== null ? orderedObject(value, order) : value;
}

function orderedObject(object: JsonObject, order: Order): JsonObject {
  const known = Object.keys(order).filter((name) => Object.hasOwn(object, name));
  const unknown = Object.keys(object).filter((name) => !Object.hasOwn(order, name));
  return Object.fromEntries(
    [...known, ...unknown].map((name) => [name, ordered(object[name] ?? null, order[name] ?? END)]),
  );
}

/** Array.isArray does not narrow readonly arrays. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
