import { beforeAll, describe, expect, test } from 'vitest';
import { requireController } from '../src/controller.ts';
import { signDocument } from '../src/envelope.ts';
import { type IdentityDocument, identityFingerprint } from '../src/identity.ts';
import { isPlausibleLabId, labKey } from '../src/lab.ts';
import { firstRoster, type Roster, rosterFingerprint, verifyRoster, verifySuccessor } from '../src/roster.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import {
  alice,
  biologist,
  director,
  instructionsMembers,
  novalis,
  pinnedRoster,
  rosterDocument,
  rosterMembers,
  stranger,
} from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

describe('a roster', () => {
  test('holds when the threshold of its own signers signed it', () => {
    const roster = verifyRoster(rosterDocument());
    expect([...roster.signers.keys()]).toEqual([director().fingerprint, biologist().fingerprint]);
    expect(roster.fingerprint).toBe(rosterFingerprint(roster.document));
    expect(roster.fingerprint).toMatch(/^[a-z2-7]{52}$/);
  });

  test('of a small laboratory has one signer, who signs it', () => {
    const { lab, contact, issued } = rosterMembers();
    const first = verifyRoster(firstRoster({ lab, contact, issued }, director()));
    expect([...first.signers.keys()]).toEqual([director().fingerprint]);
    expect(first.document.signed).toEqual({ ...first.document.signed, lab, contact, issued, version: 1, threshold: 1 });
    const mistyped = { ...lab, id: { scheme: 'siren', value: '732829321' } } as const;
    expect(codeOf(() => verifyRoster(firstRoster({ lab: mistyped, contact, issued }, director())))).toBe('E_LAB');
  });

  test('that fewer than the threshold signed is refused', () => {
    expect(codeOf(() => verifyRoster(signDocument(rosterMembers(), director())))).toBe('E_THRESHOLD');
  });

  test('that only a stranger signed is refused', () => {
    expect(codeOf(() => verifyRoster(signDocument(rosterMembers(), stranger())))).toBe('E_ROLE');
  });

  test('fault 1: without signatures is unsigned', () => {
    expect(codeOf(() => verifyRoster({ signed: rosterMembers(), signatures: [] }))).toBe('E_UNSIGNED');
  });

  test('fault 2: with a changed member is refused', () => {
    const { signatures } = rosterDocument();
    expect(codeOf(() => verifyRoster({ signed: rosterMembers({ version: 2 }), signatures }))).toBe('E_SIG');
  });

  test('with a threshold above the number of its signers is refused', () => {
    expect(refusal(() => verifyRoster(rosterDocument({ threshold: 3 })))).toMatchObject({
      code: 'E_THRESHOLD',
      message: 'the roster asks for 3 signers and names 2',
    });
  });

  test('that follows another without naming it, or names one as the first, is refused', () => {
    expect(codeOf(() => verifyRoster(rosterDocument({ version: 2 })))).toBe('E_MISMATCH');
    expect(codeOf(() => verifyRoster(rosterDocument({ previous: digestOf(new Uint8Array()) })))).toBe('E_MISMATCH');
  });

  test('fault 28: that names a signer twice is refused', () => {
    const signers = [director().identity.document, director().identity.document];
    expect(codeOf(() => verifyRoster(rosterDocument({ signers, threshold: 1 })))).toBe('E_SHARED');
  });

  test('fault 28: one signing key beside two receiving keys is one signer, and no threshold of two', () => {
    const twin = twinOf(director().identity.document);
    expect(twin.signed.sign).toBe(director().identity.document.signed.sign);
    const members = rosterMembers({ signers: [director().identity.document, twin] });
    expect(codeOf(() => verifyRoster(signDocument(members, director())))).toBe('E_SHARED');
  });

  test('fault 27: a signer whose identity was altered is refused', () => {
    const { signed, signatures } = director().identity.document;
    const signers = [{ signed: { ...signed, box: novalis().identity.document.signed.box }, signatures }];
    expect(codeOf(() => verifyRoster(rosterDocument({ signers, threshold: 1 })))).toBe('E_KEY');
  });

  test('with a SIREN whose check digit is wrong is refused', () => {
    const lab = { ...rosterMembers().lab, id: { scheme: 'siren', value: '732829321' } } as const;
    expect(codeOf(() => verifyRoster(rosterDocument({ lab })))).toBe('E_LAB');
  });
});

/** An identity of the same owner: the same signing key beside other receiving keys. */
function twinOf({ signed }: IdentityDocument): IdentityDocument {
  const { box, kem } = stranger().identity.document.signed;
  const twin = { ...signed, box, kem };
  return signDocument(twin, {
    fingerprint: identityFingerprint(twin),
    sign: (message) => director().sign(message),
  });
}

describe('a SIREN', () => {
  test.each(['732829320', '552100554', '356000000', '100000009'])('%s satisfies the Luhn formula', (value) => {
    expect(isPlausibleLabId({ scheme: 'siren', value })).toBe(true);
  });

  test('with two neighbouring digits exchanged, or one changed, does not', () => {
    for (const value of ['372829320', '732829302', '732829330']) {
      expect(isPlausibleLabId({ scheme: 'siren', value })).toBe(false);
    }
  });

  test('a FINESS number has no check digit, and its key is safe in file names', () => {
    expect(isPlausibleLabId({ scheme: 'finess', value: '2A0012345' })).toBe(true);
    expect(labKey({ scheme: 'finess', value: '2A0012345' })).toBe('finess-2a0012345');
  });
});

describe('a successor of the pinned roster', () => {
  const next = (changes: Partial<Roster> = {}): Partial<Roster> => ({
    version: 2,
    previous: pinnedRoster().digest,
    ...changes,
  });

  test('with the thresholds of both rosters is accepted', () => {
    const signers = [director().identity.document, stranger().identity.document];
    const document = signDocument(rosterMembers(next({ signers })), director(), biologist(), stranger());
    expect(verifySuccessor(pinnedRoster(), document).document.signed.version).toBe(2);
  });

  test('without the threshold of the pinned one is refused', () => {
    const signers = [director().identity.document, stranger().identity.document];
    const document = signDocument(rosterMembers(next({ signers })), director(), stranger());
    expect(codeOf(() => verifySuccessor(pinnedRoster(), document))).toBe('E_THRESHOLD');
  });

  test('without its own threshold is refused', () => {
    const signers = [alice().identity.document, stranger().identity.document];
    const document = signDocument(rosterMembers(next({ signers })), director(), biologist(), stranger());
    expect(codeOf(() => verifySuccessor(pinnedRoster(), document))).toBe('E_THRESHOLD');
  });

  test('of nobody who may sign for the laboratory is refused', () => {
    const signers = [stranger().identity.document];
    const document = signDocument(rosterMembers(next({ signers, threshold: 1 })), stranger());
    expect(codeOf(() => verifySuccessor(pinnedRoster(), document))).toBe('E_ROLE');
  });

  test('that names another predecessor, or none, is refused', () => {
    const { previous: _, ...orphan } = rosterMembers(next());
    const other = rosterMembers(next({ previous: digestOf(new Uint8Array()) }));
    for (const members of [orphan, other]) {
      const document = signDocument(members, director(), biologist());
      expect(codeOf(() => verifySuccessor(pinnedRoster(), document))).toBe('E_MISMATCH');
    }
  });

  test('fault 12: that does not have a higher version is refused', () => {
    expect(codeOf(() => verifySuccessor(pinnedRoster(), rosterDocument(next({ version: 1 }))))).toBe('E_ROLLBACK');
  });

  test('fault 14: of another laboratory is refused', () => {
    const lab = { id: { scheme: 'siren', value: '552100554' }, name: 'Laboratoire du Parc', country: 'FR' } as const;
    expect(codeOf(() => verifySuccessor(pinnedRoster(), rosterDocument(next({ lab }))))).toBe('E_LAB');
  });
});

describe('signed by the controller', () => {
  const members = () => instructionsMembers();

  test('are the signers who signed, not the strangers beside them', () => {
    const document = signDocument(members(), stranger(), biologist(), director());
    expect(requireController(pinnedRoster(), document)).toEqual(
      new Set([biologist().fingerprint, director().fingerprint]),
    );
  });

  test('F14 a document of the recipient, of an operator or of both is signed by nobody of the laboratory', () => {
    for (const signers of [[novalis()], [alice()], [alice(), novalis()]]) {
      expect(codeOf(() => requireController(pinnedRoster(), signDocument(members(), ...signers)))).toBe('E_ROLE');
    }
  });

  test('fault 10: the same signer twice is refused, and never a threshold of two', () => {
    const { signed, signatures } = signDocument(members(), director());
    const twice = { signed, signatures: [...signatures, ...signatures] };
    expect(codeOf(() => requireController(pinnedRoster(), twice))).toBe('E_SCHEMA');
  });

  test('too few signers are refused, with the number that signed', () => {
    const { code, message, hint } = refusal(() =>
      requireController(pinnedRoster(), signDocument(members(), director())),
    );
    expect(code).toBe('E_THRESHOLD');
    expect(message).toContain('1 of the 2 signers');
    expect(hint).toContain('another signer');
  });

  test('one false signature of a signer spoils the threshold', () => {
    const { signed, signatures } = signDocument(members(), director(), biologist());
    const sig = signatures[0]?.sig ?? '';
    const forged = { signed, signatures: signatures.map(({ key }) => ({ key, sig })) };
    expect(codeOf(() => requireController(pinnedRoster(), forged))).toBe('E_SIG');
  });
});
