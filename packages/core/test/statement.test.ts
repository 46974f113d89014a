import { beforeAll, describe, expect, test } from 'vitest';
import { newDigestKey, openDigestKey } from '../src/digest-key.ts';
import { addSignature, signDocument } from '../src/envelope.ts';
import type { SecretIdentity } from '../src/identity.ts';
import { parseJobId, parseKeyedDigest, parseUtcTime } from '../src/ids.ts';
import type { Instructions } from '../src/instructions.ts';
import { countsClose } from '../src/journal/agreement.ts';
import { acknowledge, approve, embed, reportImport, revoke, validate } from '../src/journal/party-statement.ts';
import { beginStory, currentInstructions, procedureOf, type Story } from '../src/journal/replay.ts';
import { missingForPurge, stateOf } from '../src/journal/state.ts';
import { digestOf } from '../src/sha256.ts';
import { equalBytes, ready } from '../src/sodium.ts';
import type { Delivery, ExtractedDataset, Extraction, Purge, Receipt, ReceivedDataset } from '../src/statement.ts';
import { wrapKeyForAll } from '../src/wrap.ts';
import {
  deliveryOf,
  extractionOf,
  followedBy,
  importOf,
  KEPT,
  purgeOf,
  receiptOf,
  receivedOf,
  revocationOf,
  rowsOf,
  storyUpTo,
  validationOf,
} from './job-story.ts';
import {
  alice,
  archive,
  at,
  biologist,
  bruno,
  datasetNamed,
  director,
  instructed,
  instructionsMembers,
  novalis,
  operatorEntry,
  recipientEntry,
  stranger,
} from './laboratory.ts';
import { codeOf } from './refusal.ts';

beforeAll(ready);

const stateIn = (story: Story): string => stateOf(story.progress, procedureOf(currentInstructions(story)));

describe('an extraction', () => {
  const extracting = (change: (extraction: Extraction) => Partial<Extraction>, instructions = instructed()): string => {
    const extraction = extractionOf(instructions);
    return codeOf(() => followedBy(beginStory(instructions), { ...extraction, ...change(extraction) }, at('09:00')));
  };
  const changing = (
    change: (dataset: ExtractedDataset) => Partial<ExtractedDataset>,
    members: Partial<Instructions> = {},
  ) =>
    extracting(
      ({ datasets }) => ({ datasets: datasets.map((dataset) => ({ ...dataset, ...change(dataset) })) }),
      instructed(members),
    );

  test('fault 48: whose counts do not close is refused', () => {
    expect(changing(({ counts }) => ({ counts: { ...counts, read: counts.read + 1 } }))).toBe('E_COUNT');
    expect(changing(({ counts }) => ({ counts: { ...counts, kept: counts.kept - 1 } }))).toBe('E_COUNT');
  });

  test('fault 48: counts each row read under one heading, whichever it is', () => {
    const none = {
      read: 0,
      kept: 0,
      malformed: 0,
      emptyDate: 0,
      impossibleDate: 0,
      outsideWindow: 0,
      excluded: 0,
      notLinked: 0,
    };
    expect(countsClose(none)).toBe(true);
    for (const heading of [
      'kept',
      'malformed',
      'emptyDate',
      'impossibleDate',
      'outsideWindow',
      'excluded',
      'notLinked',
    ]) {
      expect(countsClose({ ...none, read: 3, [heading]: 3 }), heading).toBe(true);
      expect(countsClose({ ...none, read: 2, [heading]: 3 }), heading).toBe(false);
    }
  });

  test('F10 whose dates are not those of the window is refused', () => {
    const dates = { field: 'NAISSANCE', years: [] };
    expect(changing(() => ({ dates }))).toBe('E_MISMATCH');
  });

  test('F08 F12 whose columns are not exactly those of the list, in its order, is refused', () => {
    const kept = (...names: string[]) => changing(({ columns }) => ({ columns: { ...columns, kept: names } }));
    expect(kept('patient_id', 'NAISSANCE', 'COMMENTAIRE P')).toBe('E_SCOPE');
    expect(kept('patient_id')).toBe('E_SCOPE');
    expect(kept('NAISSANCE', 'patient_id')).toBe('E_SCOPE');
    expect(kept('IPP', 'NAISSANCE')).toBe('E_SCOPE');
  });

  test('F32 above its ceiling of rows or of bytes is refused, at it is not', () => {
    const ceiling = (rows: number, bytes: number) => ({
      datasets: instructionsMembers().datasets.map((dataset) => ({ ...dataset, ceiling: { rows, bytes } })),
    });
    expect(changing(() => ({}), ceiling(KEPT - 1, 9999))).toBe('E_CEILING');
    expect(changing(() => ({}), ceiling(KEPT, 2999))).toBe('E_CEILING');
    const instructions = instructed(ceiling(KEPT, 3000));
    expect(stateIn(followedBy(beginStory(instructions), extractionOf(instructions), at('09:00')))).toBe('extracted');
  });

  test('without a dataset, with one twice or with one more is refused', () => {
    expect(extracting(({ datasets }) => ({ datasets: datasets.slice(1) }))).toBe('E_COUNT');
    expect(extracting(({ datasets }) => ({ datasets: [...datasets, ...datasets.slice(1)] }))).toBe('E_COUNT');
    expect(extracting(({ datasets }) => ({ datasets: [...datasets.slice(1), ...datasets.slice(1)] }))).toBe('E_COUNT');
  });

  test('fault 65: that ends before it begins, or after it was recorded, is refused', () => {
    const during = (started: string, finished: string): string =>
      extracting(() => ({ started: at(started), finished: at(finished) }));
    expect(during('07:31', '07:30')).toBe('E_TIME');
    expect(during('07:00', '09:00:01')).toBe('E_TIME');
    const instructions = instructed();
    const instant = extractionOf(instructions, { started: at('09:00'), finished: at('09:00') });
    expect(stateIn(followedBy(beginStory(instructions), instant, at('09:00')))).toBe('extracted');
  });

  test('F08 that left malformed rows out is refused, unless the instructions allow it', () => {
    const instructions = (malformed?: 'withhold') =>
      instructed({ datasets: [datasetNamed('patients', malformed === undefined ? {} : { malformed })] });
    const withholding = (under: ReturnType<typeof instructions>): Story => {
      const { datasets, ...extraction } = extractionOf(under);
      const fewer = datasets.map((dataset) => {
        const counts = { ...dataset.counts, read: dataset.counts.read + 2, malformed: 2 };
        return { ...dataset, counts };
      });
      return followedBy(beginStory(under), { ...extraction, datasets: fewer }, at('09:00'));
    };
    expect(codeOf(() => withholding(instructions()))).toBe('E_SCOPE');
    expect(stateIn(withholding(instructions('withhold')))).toBe('extracted');
  });

  test('F08 that names a column among those that left and those that stayed is refused', () => {
    expect(changing(({ columns }) => ({ columns: { ...columns, withheld: ['MP', 'IPP'] } }))).toBe('E_SCOPE');
    expect(changing(({ columns }) => ({ columns: { ...columns, withheld: ['NAISSANCE'] } }))).toBe('E_SCOPE');
  });

  test('whose file has another name than the format gives it is refused', () => {
    expect(changing(({ file }) => ({ file: { ...file, name: 'other.csv.sealed' } }))).toBe('E_MISMATCH');
  });

  test('F01 of another source than instructed is refused', () => {
    expect(extracting(() => ({ source: { product: 'OldLab', version: '4.3' } }))).toBe('E_MISMATCH');
    expect(extracting(() => ({ source: { product: 'NewLab', version: '4.2' } }))).toBe('E_MISMATCH');
  });

  test('fault 45: in another suite than instructed, or mixing both, is refused', () => {
    expect(extracting(() => ({ suite: 'sealedbox' }))).toBe('E_SUITE');
    const other = extractionOf(instructed({ suite: 'sealedbox' }));
    expect(extracting(() => ({ digestKey: other.digestKey }))).toBe('E_SUITE');
  });

  test('whose digest key somebody else could open, or a signer could not, is refused', () => {
    const context = { suite: 'xwing-sealedbox', purpose: 'digest', job: 'parc-2026', dataset: '' } as const;
    const wrapped = (...readers: SecretIdentity[]) =>
      extracting(() => ({
        digestKey: wrapKeyForAll(
          new Uint8Array(32),
          readers.map(({ identity }) => identity),
          context,
        ),
      }));
    expect(wrapped(director(), biologist(), novalis(), stranger())).toBe('E_MISMATCH');
    expect(wrapped(director(), novalis())).toBe('E_MISMATCH');
    expect(wrapped(director(), biologist())).toBe('E_MISMATCH');
  });

  test('names the readers of its digest key in any order', () => {
    const instructions = instructed();
    const { digestKey, ...extraction } = extractionOf(instructions);
    const reversed = { ...extraction, digestKey: digestKey.toReversed() };
    expect(stateIn(followedBy(beginStory(instructions), reversed, at('09:00')))).toBe('extracted');
  });

  test('gives its digest key to each recipient and each signer, and to nobody else', () => {
    const instructions = instructed();
    const digestKey = newDigestKey(instructions);
    const { key, wraps } = digestKey;
    const extraction = extractionOf(instructions, { digestKey: wraps });
    for (const reader of [director(), biologist(), novalis()]) {
      expect(equalBytes(openDigestKey(extraction, instructions.signed.job, reader), key)).toBe(true);
    }
    expect(codeOf(() => openDigestKey(extraction, instructions.signed.job, alice()))).toBe('E_NO_MATCH');
    expect(codeOf(() => openDigestKey(extraction, parseJobId('other-job'), novalis()))).toBe('E_ENVELOPE');
    digestKey.wipe();
    expect(key.every((byte) => byte === 0)).toBe(true);
  });
});

describe('an approval', () => {
  test('F13 F14 of the recipient or an operator is refused, also beside one signer', () => {
    const story = storyUpTo('extracted');
    for (const signer of [novalis(), alice()]) {
      const forged = approve(story, { signer, time: at('10:00') });
      expect(codeOf(() => followedBy(story, embed(forged), at('10:00')))).toBe('E_ROLE');
      const beside = addSignature(forged, director());
      expect(codeOf(() => followedBy(story, embed(beside), at('10:00')))).toBe('E_THRESHOLD');
    }
  });

  test('fault 2: changed after it was signed is refused', () => {
    const story = storyUpTo('extracted');
    const { signed, signatures } = addSignature(approve(story, { signer: director(), time: at('10:00') }), biologist());
    const forged = { kind: 'approval', document: { signed: { ...signed, time: at('10:01') }, signatures } } as const;
    expect(codeOf(() => followedBy(story, forged, at('10:30')))).toBe('E_SIG');
  });

  test('F13 of other rows, columns or datasets, or of another extraction, is refused', () => {
    const story = storyUpTo('extracted');
    const { signed } = approve(story, { signer: director(), time: at('10:00') });
    const approving = (change: Partial<typeof signed>): string => {
      const document = signDocument({ ...signed, ...change }, director(), biologist());
      return codeOf(() => followedBy(story, embed(document), at('10:00')));
    };
    const [first, ...rest] = signed.datasets;
    if (first === undefined) throw new Error('no dataset');
    expect(approving({ datasets: [{ ...first, rows: first.rows + 1 }, ...rest] })).toBe('E_COUNT');
    expect(approving({ datasets: [{ ...first, columns: ['patient_id'] }, ...rest] })).toBe('E_COUNT');
    expect(approving({ datasets: rest })).toBe('E_COUNT');
    expect(approving({ datasets: [first, ...signed.datasets] })).toBe('E_COUNT');
    expect(approving({ extraction: digestOf(new Uint8Array()) })).toBe('E_MISMATCH');
  });

  test('names the datasets in any order, each with its own rows and columns', () => {
    const story = storyUpTo('extracted');
    const { signed } = approve(story, { signer: director(), time: at('10:00') });
    const approved = (datasets: typeof signed.datasets) => {
      const document = signDocument({ ...signed, datasets }, director(), biologist());
      return followedBy(story, embed(document), at('10:00')).progress.approved;
    };
    expect(signed.datasets.length).toBeGreaterThan(1);
    expect(approved(signed.datasets.toReversed())).toBe(true);
    const [first, second] = signed.datasets;
    if (first === undefined || second === undefined) throw new Error('one dataset alone');
    expect(codeOf(() => approved([first, { ...second, rows: second.rows + 1 }]))).toBe('E_COUNT');
  });

  test('signed before there was an extraction is refused', () => {
    const story = storyUpTo('extracted');
    const { signed } = approve(story, { signer: director(), time: at('10:00') });
    const head = beginStory(currentInstructions(story)).chain.head;
    const blind = signDocument({ ...signed, head }, director(), biologist());
    expect(codeOf(() => followedBy(story, embed(blind), at('10:00')))).toBe('E_CHAIN');
  });
});

describe('a delivery', () => {
  const delivering = (change: Partial<Delivery>, by: SecretIdentity = alice()): string => {
    const story = storyUpTo('approved');
    return codeOf(() => followedBy(story, deliveryOf(story, change), at('11:00'), by));
  };
  const server = (): Delivery['server'] => deliveryOf(storyUpTo('approved')).server;
  const files = (): Delivery['files'] => deliveryOf(storyUpTo('approved')).files;

  test('fault 50: to another host, port or host key than instructed is refused', () => {
    expect(delivering({ server: { ...server(), host: 'other.example' } })).toBe('E_MISMATCH');
    expect(delivering({ server: { ...server(), port: 2222 } })).toBe('E_MISMATCH');
    expect(delivering({ server: { ...server(), hostKey: `SHA256:${'A'.repeat(43)}` } })).toBe('E_MISMATCH');
  });

  test('F27 by another account or key than those of the operator that records it is refused', () => {
    expect(delivering({}, bruno())).toBe('E_MISMATCH');
    expect(delivering({ account: 'account4' })).toBe('E_MISMATCH');
    expect(delivering({ sshKey: `SHA256:${'A'.repeat(43)}` })).toBe('E_MISMATCH');
  });

  test('fault 47: without a file, with one more, or with another content is refused', () => {
    expect(delivering({ files: files().slice(1) })).toBe('E_MISMATCH');
    expect(delivering({ files: files().slice(0, -1) })).toBe('E_MISMATCH');
    expect(delivering({ files: [...files(), ...files().slice(0, 1)] })).toBe('E_MISMATCH');
    expect(delivering({ files: files().map((file) => ({ ...file, bytes: file.bytes + 1 })) })).toBe('E_MISMATCH');
    expect(delivering({ files: files().map((file) => ({ ...file, digest: digestOf(new Uint8Array()) })) })).toBe(
      'E_MISMATCH',
    );
  });

  test('F29 names each check once, and F34 those that the instructions require as ok', () => {
    const ok = (check: string) => ({ check, verdict: 'ok' }) as const;
    const warn = (check: string) => ({ check, verdict: 'warn' }) as const;
    const story = storyUpTo('approved');
    const both = deliveryOf(story, { checks: [ok('password'), warn('swap')] });
    expect(stateIn(followedBy(story, both, at('11:00')))).toBe('delivered');
    expect(delivering({ checks: [ok('password'), ok('password')] })).toBe('E_MISMATCH');
    const strict = storyUpTo('approved', instructed({ requires: ['disk-encryption', 'swap'] }));
    const under = (changes: Partial<Delivery>) => followedBy(strict, deliveryOf(strict, changes), at('11:00'));
    expect(codeOf(() => under({}))).toBe('E_MISMATCH');
    expect(codeOf(() => under({ checks: [ok('disk-encryption')] }))).toBe('E_MISMATCH');
    expect(codeOf(() => under({ checks: [ok('disk-encryption'), warn('swap')] }))).toBe('E_MISMATCH');
    expect(stateIn(under({ checks: [ok('disk-encryption'), ok('swap')] }))).toBe('delivered');
  });

  test('fault 54: that was not read back where the instructions ask for it is refused', () => {
    expect(delivering({ files: files().map((file) => ({ ...file, readBack: false })) })).toBe('E_MISMATCH');
  });
});

describe('a receipt', () => {
  const acknowledging = (change: (datasets: ReceivedDataset[]) => ReceivedDataset[]): string => {
    const story = storyUpTo('delivered');
    const receipt = acknowledge(story, change(receivedOf(story)), { signer: novalis(), time: at('12:00') });
    return codeOf(() => followedBy(story, embed(receipt), at('12:00')));
  };
  const each = (change: (dataset: ReceivedDataset) => Partial<ReceivedDataset>) =>
    acknowledging((datasets) => datasets.map((dataset) => ({ ...dataset, ...change(dataset) })));

  test('fault 57: of other files, rows, columns or content is refused', () => {
    expect(each(({ file }) => ({ file: { ...file, bytes: file.bytes - 1 } }))).toBe('E_ACK');
    expect(each(({ file }) => ({ file: { ...file, digest: digestOf(new Uint8Array()) } }))).toBe('E_ACK');
    expect(each(() => ({ columns: ['patient_id'] }))).toBe('E_ACK');
    expect(each(() => ({ plaintext: parseKeyedDigest(`hmac-sha256:${'b'.repeat(64)}`) }))).toBe('E_ACK');
  });

  test('fault 59: of fewer rows, or without a dataset, is refused', () => {
    expect(each(() => ({ rows: KEPT - 1 }))).toBe('E_ACK');
    expect(acknowledging((datasets) => datasets.slice(1))).toBe('E_ACK');
    expect(acknowledging((datasets) => [...datasets.slice(0, 1), ...datasets.slice(0, 1)])).toBe('E_ACK');
    expect(acknowledging((datasets) => [...datasets, ...datasets.slice(0, 1)])).toBe('E_ACK');
  });

  test('names the datasets in any order', () => {
    const story = storyUpTo('delivered');
    const reversed = receivedOf(story).toReversed();
    const receipt = acknowledge(story, reversed, { signer: novalis(), time: at('12:00') });
    expect(stateIn(followedBy(story, embed(receipt), at('12:00')))).toBe('received');
  });

  test('fault 57: of another job is refused, and so is one taken in again', () => {
    const story = storyUpTo('delivered');
    const other = storyUpTo('delivered', instructed({ job: parseJobId('other-job') }));
    expect(codeOf(() => followedBy(story, receiptOf(other), at('12:00')))).toBe('E_ACK');
    const received = followedBy(story, receiptOf(story), at('12:00'));
    expect(codeOf(() => followedBy(received, receiptOf(story), at('12:30')))).toBe('E_REPLAY');
  });

  test('fault 58: F14 of a stranger, an operator or the laboratory is refused', () => {
    const story = storyUpTo('delivered');
    for (const signer of [stranger(), alice(), director()]) {
      expect(codeOf(() => followedBy(story, receiptOf(story, signer), at('12:00')))).toBe('E_ROLE');
    }
  });

  test('fault 57: that names the recipient and bears another signature is refused', () => {
    const story = storyUpTo('delivered');
    const { signed } = acknowledge(story, receivedOf(story), { signer: novalis(), time: at('12:00') });
    const forged = (document: Receipt, ...signers: SecretIdentity[]) =>
      codeOf(() => followedBy(story, embed(signDocument(document, ...signers)), at('12:00')));
    expect(forged(signed, alice())).toBe('E_ROLE');
    expect(forged(signed, director(), biologist())).toBe('E_ROLE');
    const { signatures } = signDocument(signed, novalis());
    const changed = { signed: { ...signed, time: at('11:59') }, signatures };
    expect(codeOf(() => followedBy(story, embed(changed), at('12:00')))).toBe('E_SIG');
    expect(codeOf(() => followedBy(story, embed({ signed, signatures: [] }), at('12:00')))).toBe('E_UNSIGNED');
  });

  test('fault 57: on a journal that this one does not continue is refused', () => {
    const story = storyUpTo('delivered');
    const { signed } = acknowledge(story, receivedOf(story), { signer: novalis(), time: at('12:00') });
    const receipt = signDocument({ ...signed, head: digestOf(new Uint8Array()) }, novalis());
    expect(codeOf(() => followedBy(story, embed(receipt), at('12:00')))).toBe('E_CHAIN');
  });

  test('of one recipient is not the receipt of another, and the job waits for both', () => {
    const recipients = [recipientEntry(novalis(), 5), recipientEntry(archive(), 6)];
    const story = storyUpTo('delivered', instructed({ recipients }));
    const { signed } = acknowledge(story, receivedOf(story), { signer: novalis(), time: at('12:00') });
    const posing = signDocument({ ...signed, recipient: archive().fingerprint }, novalis());
    expect(codeOf(() => followedBy(story, embed(posing), at('12:00')))).toBe('E_ROLE');
    const one = followedBy(story, receiptOf(story, archive()), at('12:00'));
    expect(stateIn(one)).toBe('delivered');
    expect(codeOf(() => followedBy(one, importOf(one), at('12:30')))).toBe('E_STATE');
    const early = followedBy(one, importOf(one, KEPT, archive()), at('13:00'));
    const both = followedBy(early, receiptOf(early, novalis(), at('13:10')), at('13:10'));
    expect(stateIn(both)).toBe('received');
    expect(stateIn(followedBy(both, importOf(both), at('13:20')))).toBe('imported');
  });
});

describe('an import', () => {
  test('fault 59: of fewer rows is taken in, does not count and holds the purge; a complete one follows', () => {
    const story = storyUpTo('received');
    const partial = followedBy(story, importOf(story, KEPT - 1), at('13:00'));
    expect(stateIn(partial)).toBe('received');
    expect(missingForPurge(partial.progress, procedureOf(currentInstructions(partial)))).toContainEqual({
      kind: 'import',
      recipient: novalis().fingerprint,
    });
    expect(codeOf(() => followedBy(partial, purgeOf(partial), at('13:10')))).toBe('E_WAITING');
    expect(stateIn(followedBy(partial, importOf(partial), at('13:20')))).toBe('imported');
  });

  test('of more rows than were received, or without a dataset, is refused', () => {
    const story = storyUpTo('received');
    expect(codeOf(() => followedBy(story, importOf(story, KEPT + 1), at('13:00')))).toBe('E_COUNT');
    const one = reportImport(story, rowsOf(story).slice(1), { signer: novalis(), time: at('13:00') });
    expect(codeOf(() => followedBy(story, embed(one), at('13:00')))).toBe('E_COUNT');
  });

  test('of another recipient is refused', () => {
    const story = storyUpTo('received');
    const { signed } = reportImport(story, rowsOf(story), { signer: novalis(), time: at('13:00') });
    expect(codeOf(() => followedBy(story, embed(signDocument(signed, archive())), at('13:00')))).toBe('E_ROLE');
  });
});

describe('a validation', () => {
  test('F13 F14 of anybody but the controller is refused', () => {
    const story = storyUpTo('imported');
    for (const signer of [novalis(), alice()]) {
      const forged = validate(story, rowsOf(story), { signer, time: at('14:00') });
      expect(codeOf(() => followedBy(story, embed(forged), at('14:00')))).toBe('E_ROLE');
    }
    const alone = validate(story, rowsOf(story), { signer: director(), time: at('14:00') });
    expect(codeOf(() => followedBy(story, embed(alone), at('14:00')))).toBe('E_THRESHOLD');
  });

  test('of fewer or more rows than were extracted is refused', () => {
    const story = storyUpTo('imported');
    for (const rows of [KEPT - 1, KEPT + 1]) {
      expect(codeOf(() => followedBy(story, validationOf(story, rows), at('14:00')))).toBe('E_COUNT');
    }
  });
});

describe('a revocation', () => {
  test('of the controller ends the job from any state but the last, also before the extraction', () => {
    for (const station of ['authorised', 'delivered', 'validated'] as const) {
      const story = storyUpTo(station);
      expect(stateIn(followedBy(story, revocationOf(story), at('15:00')))).toBe('revoked');
    }
  });

  test('F14 of the recipient or an operator does not', () => {
    const story = storyUpTo('delivered');
    for (const signer of [novalis(), alice()]) {
      const forged = revoke(story, 'no reason', { signer, time: at('15:00') });
      expect(codeOf(() => followedBy(story, embed(forged), at('15:00')))).toBe('E_ROLE');
    }
  });
});

describe('a purge', () => {
  const purging = (story: Story, purge: Purge, time = at('16:00')): string =>
    codeOf(() => followedBy(story, purge, time));

  test('by an operator whom the instructions do not mark as unattended is refused, whatever it rests on', () => {
    const operators = [{ ...operatorEntry(alice(), 3), unattended: false }, operatorEntry(bruno(), 4)];
    const watched = instructed({ processor: { ...instructionsMembers().processor, operators } });
    const story = storyUpTo('validated', watched);
    expect(purging(story, purgeOf(story))).toBe('E_ROLE');
    const revoked = followedBy(story, revocationOf(story), at('15:00'));
    expect(purging(revoked, purgeOf(revoked, 'ended'))).toBe('E_ROLE');
    expect(stateIn(followedBy(story, purgeOf(story), at('16:00'), bruno()))).toBe('purged');
  });

  test.each(['delivered', 'received', 'imported'] as const)(
    'F24 in state %s, before its gates are met, is refused',
    (station) => {
      const story = storyUpTo(station);
      expect(purging(story, purgeOf(story))).toBe('E_WAITING');
    },
  );

  test('fault 63: on the deadline is refused before it and where the instructions keep the files', () => {
    const story = storyUpTo('delivered');
    const deadline = currentInstructions(story).signed.deadlines.purge;
    expect(purging(story, purgeOf(story, 'deadline'), parseUtcTime('2026-04-30T23:59:59Z'))).toBe('E_TIME');
    expect(stateIn(followedBy(story, purgeOf(story, 'deadline'), deadline))).toBe('purged');
    const keeping = { ...instructionsMembers().deadlines, atPurge: 'keep' } as const;
    const kept = storyUpTo('delivered', instructed({ deadlines: keeping }));
    expect(purging(kept, purgeOf(kept, 'deadline'), deadline)).toBe('E_TIME');
  });

  test('names its reason: a job that goes on has not ended, one that ended waits for nothing', () => {
    const story = storyUpTo('validated');
    expect(purging(story, purgeOf(story, 'ended'))).toBe('E_STATE');
    const revoked = followedBy(story, revocationOf(story), at('15:00'));
    expect(purging(revoked, purgeOf(revoked, 'statements'))).toBe('E_STATE');
    expect(stateIn(followedBy(revoked, purgeOf(revoked, 'ended'), at('16:00')))).toBe('purged');
  });

  test('fault 62: that leaves out a copy, here or there, the sealed manifest with them, is refused', () => {
    const story = storyUpTo('validated');
    const { local, remote, ...purge } = purgeOf(story);
    for (const index of local.keys()) {
      const fewer = local.filter((_, at) => at !== index);
      expect(purging(story, { ...purge, local: fewer, remote })).toBe('E_MISMATCH');
      expect(purging(story, { ...purge, local, remote: fewer })).toBe('E_MISMATCH');
    }
  });

  test('of a job that was never delivered says nothing of the server', () => {
    const story = followedBy(storyUpTo('extracted'), { kind: 'abort', reason: 'no server' }, at('10:00'));
    const { local } = purgeOf(story);
    expect(stateIn(followedBy(story, { kind: 'purge', basis: 'ended', local, remote: [] }, at('11:00')))).toBe(
      'purged',
    );
    expect(purging(story, { kind: 'purge', basis: 'ended', local: [], remote: [] })).toBe('E_MISMATCH');
  });
});
