import { beforeAll, describe, expect, test } from 'vitest';
import type { AllowedField, Dataset } from '../src/dataset.ts';
import { signDocument } from '../src/envelope.ts';
import type { SecretIdentity } from '../src/identity.ts';
import { parseCalendarDate, parseUtcTime } from '../src/ids.ts';
import { type Instructions, requireInForce, verifyInstructions } from '../src/instructions.ts';
import { linkOrder } from '../src/link.ts';
import { requireOperator } from '../src/processor.ts';
import { requireRecipient, requireRecipients } from '../src/recipient.ts';
import { verifySuccessor } from '../src/roster.ts';
import { ready } from '../src/sodium.ts';
import {
  alice,
  at,
  biologist,
  bruno,
  datasetNamed,
  director,
  instructed,
  instructionsDocument,
  instructionsMembers,
  novalis,
  operatorEntry,
  otherLaboratory,
  pinnedRoster,
  recipientEntry,
  rosterDocument,
  sshKey,
  stranger,
} from './laboratory.ts';
import { codeOf, refusal } from './refusal.ts';

beforeAll(ready);

const signedBy = (...signers: SecretIdentity[]): string =>
  codeOf(() => verifyInstructions(signDocument(instructionsMembers(), ...signers), pinnedRoster()));
const refused = (changes: Partial<Instructions>): string => codeOf(() => instructed(changes));

describe('SSH keys in instructions', () => {
  const none = `ssh-ed25519 ${Buffer.from('no key').toString('base64')}`;

  test('are read before anything is done: of the server, of recipients and of operators', () => {
    const { endpoint, processor } = instructionsMembers();
    const [first, ...others] = processor.operators;
    if (first === undefined) throw new Error('no operator');
    const operators = [{ ...first, sshKey: none }, ...others];
    expect(refused({ endpoint: { ...endpoint, hostKey: none } })).toBe('E_SSH_KEY');
    expect(refused({ recipients: [{ ...recipientEntry(novalis(), 5), sshKey: none }] })).toBe('E_SSH_KEY');
    expect(refused({ processor: { ...processor, operators } })).toBe('E_SSH_KEY');
  });
});

describe('the authority of instructions', () => {
  test('comes from the threshold of the roster, and names every party by fingerprint', () => {
    const { signedBy: signers, operators, recipients } = instructed();
    expect([...signers]).toEqual([director().fingerprint, biologist().fingerprint]);
    expect([...operators.keys()]).toEqual([alice().fingerprint, bruno().fingerprint]);
    expect([...recipients.keys()]).toEqual([novalis().fingerprint]);
  });

  test('fault 1: unsigned instructions are refused', () => {
    const document = { signed: instructionsMembers(), signatures: [] };
    expect(codeOf(() => verifyInstructions(document, pinnedRoster()))).toBe('E_UNSIGNED');
  });

  test('fault 2: one byte changed is refused', () => {
    const { signed, signatures } = instructionsDocument();
    const changed = { signed: { ...signed, note: 'x' }, signatures };
    expect(codeOf(() => verifyInstructions(changed, pinnedRoster()))).toBe('E_SIG');
  });

  test('fault 9: signed by the recipient, an operator or a stranger has no effect', () => {
    expect(signedBy(novalis())).toBe('E_ROLE');
    expect(signedBy(alice())).toBe('E_ROLE');
    expect(signedBy(stranger(), novalis(), alice())).toBe('E_ROLE');
  });

  test('fault 10: fewer signers than the threshold are refused, strangers beside them do not count', () => {
    expect(signedBy(director())).toBe('E_THRESHOLD');
    expect(signedBy(director(), novalis(), stranger())).toBe('E_THRESHOLD');
  });

  test('fault 14: instructions of another laboratory are refused', () => {
    const other = signDocument(instructionsMembers({}, otherLaboratory()), stranger());
    expect(codeOf(() => verifyInstructions(other, pinnedRoster()))).toBe('E_LAB');
  });

  test('fault 14: the number of a laboratory in another register is another laboratory', () => {
    const { lab } = instructionsMembers();
    expect(refused({ lab: { ...lab, id: { ...lab.id, scheme: 'finess' } } })).toBe('E_LAB');
    expect(refused({ lab: { ...lab, id: { ...lab.id, value: '552100554' } } })).toBe('E_LAB');
  });

  test('fault 14: another name for the same laboratory is refused, for people read the name', () => {
    expect(refused({ lab: { ...instructionsMembers().lab, name: 'Autre laboratoire' } })).toBe('E_LAB');
  });

  test('instructions of another version of the roster are refused', () => {
    const next = verifySuccessor(pinnedRoster(), rosterDocument({ version: 2, previous: pinnedRoster().digest }));
    expect(codeOf(() => verifyInstructions(instructionsDocument(), next))).toBe('E_LAB');
  });

  test('fault 13: a version above 10^6 is refused, so that nobody can use up the numbers', () => {
    expect(refused({ version: 1_000_001 })).toBe('E_ROLLBACK');
    expect(instructed({ version: 1_000_000 }).signed.version).toBe(1_000_000);
  });
});

describe('the times of instructions', () => {
  test('fault 11: before and after them nothing is in force, and both dates are shown', () => {
    const instructions = instructed();
    for (const [now, word] of [
      ['2026-02-28T23:59:59Z', 'not valid yet'],
      ['2026-06-01T00:00:00Z', 'expired'],
    ] as const) {
      const { code, message } = refusal(() => requireInForce(instructions, parseUtcTime(now)));
      expect(code).toBe('E_TIME');
      for (const part of [word, now, '2026-03-01T00:00:00Z', '2026-06-01T00:00:00Z']) expect(message).toContain(part);
    }
  });

  test('fault 11: the first second belongs to them, and so does the last one before they expire', () => {
    for (const now of ['2026-03-01T00:00:00Z', '2026-05-31T23:59:59Z']) {
      expect(() => requireInForce(instructed(), parseUtcTime(now))).not.toThrow();
    }
  });

  test('fault 20: F06 a contract holds on its last day and not on the next', () => {
    const contract = { ...instructionsMembers().contract, expires: parseCalendarDate('2026-03-02') };
    const instructions = instructed({ contract });
    expect(() => requireInForce(instructions, at('23:59:59'))).not.toThrow();
    const { code, message } = refusal(() => requireInForce(instructions, parseUtcTime('2026-03-03T00:00:00Z')));
    expect(code).toBe('E_CONTRACT');
    expect(message).toContain('2026-03-02');
  });

  test('that end before they begin are refused', () => {
    expect(refused({ expires: instructionsMembers().notBefore })).toBe('E_TIME');
  });

  test('with a purge before the delivery are refused', () => {
    const { deadlines } = instructionsMembers();
    expect(instructed({ deadlines: { ...deadlines, purge: deadlines.delivery } }).signed.deadlines.purge).toBe(
      deadlines.delivery,
    );
    expect(refused({ deadlines: { ...deadlines, purge: parseUtcTime('2026-03-31T23:59:59Z') } })).toBe('E_TIME');
  });
});

describe('the parties of instructions', () => {
  test('F07 a country outside the EEA is refused unless it is allowed by name', () => {
    const recipients = [{ ...recipientEntry(novalis(), 5), country: 'CH' }];
    expect(refused({ recipients })).toBe('E_COUNTRY');
    expect(refused({ processor: { ...instructionsMembers().processor, country: 'US' } })).toBe('E_COUNTRY');
    expect(refused({ endpoint: { ...instructionsMembers().endpoint, country: 'GB' } })).toBe('E_COUNTRY');
    const allowing = (...countries: string[]) =>
      ({ outsideEea: true, countries, safeguard: 'adequacy decision' }) as const;
    expect(refused({ recipients, transfers: allowing('GB', 'US') })).toBe('E_COUNTRY');
    expect(instructed({ recipients, transfers: allowing('CH') }).recipients.size).toBe(1);
  });

  const operatedBy = (...operators: Instructions['processor']['operators']): Partial<Instructions> => ({
    processor: { ...instructionsMembers().processor, operators },
  });

  test('fault 28: F27 two parties with one identity, SSH key or account are refused', () => {
    const [first, second] = [operatorEntry(alice(), 3), operatorEntry(bruno(), 4)];
    expect(refused(operatedBy(first, { ...second, identity: first.identity }))).toBe('E_SHARED');
    expect(refused(operatedBy(first, { ...second, sshKey: first.sshKey }))).toBe('E_SHARED');
    expect(refused(operatedBy(first, { ...second, account: first.account }))).toBe('E_SHARED');
    expect(refused({ recipients: [{ ...recipientEntry(novalis(), 5), sshKey: sshKey(3) }] })).toBe('E_SHARED');
    expect(refused({ recipients: [{ ...recipientEntry(novalis(), 5), account: 'account4' }] })).toBe('E_SHARED');
    expect(refused({ recipients: [recipientEntry(alice(), 5)] })).toBe('E_SHARED');
  });

  test('F27 the refusal names both, and no key', () => {
    const { message } = refusal(() =>
      instructed({ recipients: [{ ...recipientEntry(novalis(), 5), account: 'account3' }] }),
    );
    expect(message).toBe('one account is shared by Person 3 and Person 5');
  });

  test('F05 an operator who signs for the laboratory is refused', () => {
    expect(refused(operatedBy(operatorEntry(director(), 3)))).toBe('E_SHARED');
  });

  test('F24 without an operator that purges while nobody watches, they are refused', () => {
    const [alone, watched] = [operatorEntry(alice(), 3), { ...operatorEntry(bruno(), 4), unattended: false }];
    expect(refused(operatedBy({ ...alone, unattended: false }, watched))).toBe('E_ROLE');
    expect(instructed(operatedBy(alone, watched)).operators.size).toBe(2);
  });

  test('the laboratory itself may be the recipient', () => {
    const { recipients } = instructed({ recipients: [recipientEntry(director(), 5)] });
    expect([...recipients.keys()]).toEqual([director().fingerprint]);
  });

  test('fault 27: an identity whose keys its signature does not cover is refused', () => {
    const { signed, signatures } = novalis().identity.document;
    const identity = { signed: { ...signed, kem: stranger().identity.document.signed.kem }, signatures };
    expect(refused({ recipients: [{ ...recipientEntry(novalis(), 5), identity }] })).toBe('E_KEY');
  });

  test('fault 26: a recipient is refused from its revocation and from its expiry on', () => {
    const since = at('12:00');
    const revoked = instructed({ revoked: [{ identity: novalis().fingerprint, since, reason: 'left' }] });
    expect(requireRecipient(revoked, novalis().fingerprint, at('11:59:59')).entry.account).toBe('account5');
    expect(codeOf(() => requireRecipients(revoked, since))).toBe('E_REVOKED');
    const expiring = instructed({ recipients: [{ ...recipientEntry(novalis(), 5), expires: since }] });
    expect(requireRecipients(expiring, at('11:59:59'))).toHaveLength(1);
    expect(codeOf(() => requireRecipient(expiring, novalis().fingerprint, since))).toBe('E_REVOKED');
  });

  test('fault 26: an operator is refused from its revocation on', () => {
    const revoked = instructed({ revoked: [{ identity: alice().fingerprint, since: at('12:00'), reason: 'left' }] });
    expect(requireOperator(revoked, alice().fingerprint, at('11:59:59')).entry.account).toBe('account3');
    expect(codeOf(() => requireOperator(revoked, alice().fingerprint, at('12:00')))).toBe('E_REVOKED');
    expect(requireOperator(revoked, bruno().fingerprint, at('12:00')).entry.account).toBe('account4');
  });

  test('a role is never taken for another', () => {
    expect(codeOf(() => requireOperator(instructed(), novalis().fingerprint, at('12:00')))).toBe('E_ROLE');
    expect(codeOf(() => requireRecipient(instructed(), alice().fingerprint, at('12:00')))).toBe('E_ROLE');
  });
});

describe('the allow-list', () => {
  const listing = (...fields: AllowedField[]): string => refused({ datasets: [datasetNamed('patients', { fields })] });

  test('fault 15: F08 an empty list and wildcards are refused', () => {
    expect(listing()).toBe('E_SCOPE');
    for (const name of ['*', 'RESULTAT*', 'RESULTAT_?']) expect(listing({ name })).toBe('E_SCOPE');
  });

  test('a name or an output name that is there twice is refused', () => {
    expect(listing({ name: 'IPP' }, { name: 'IPP', as: 'id' })).toBe('E_SCOPE');
    expect(listing({ name: 'IPP', as: 'id' }, { name: 'NIP', as: 'id' })).toBe('E_SCOPE');
    expect(listing({ name: 'IPP', as: 'NIP' }, { name: 'NIP' })).toBe('E_SCOPE');
  });

  test('two fields may exchange their names', () => {
    const fields = [
      { name: 'A', as: 'B' },
      { name: 'B', as: 'A' },
    ];
    expect(instructed({ datasets: [datasetNamed('patients', { fields })] }).signed.datasets).toHaveLength(1);
  });

  test.each([
    'MP',
    'mp',
    'IDENTIFIANT SR',
    'Mot de passe',
    'MOT_DE_PASSE',
    'motDePasse',
    'user_login',
    'USERLOGIN',
    'ＭＰ',
    'PWD',
    'MDP2',
    'Code secret',
    'portal-password',
    'PIN',
    'SMS_OTP',
    'Token d’accès',
  ])('fault 16: F02 the credential column "%s" can not be listed, whatever its new name and purpose', (name) => {
    expect(listing({ name, as: 'harmless', freeText: true, purpose: 'wanted' })).toBe('E_CREDENTIAL');
  });

  test.each(['IPP', 'NAISSANCE', 'MPI', 'PINCE', 'COMPASSION', 'BIOLOGIE', 'NOM USUEL', 'TEL'])(
    '"%s" is no credential',
    (name) => {
      expect(instructed({ datasets: [datasetNamed('patients', { fields: [{ name }] })] }).signed.datasets).toHaveLength(
        1,
      );
    },
  );

  test.each([
    'COMMENTAIRE P',
    'Commentaire D',
    'COMMENTAIRES2',
    'LIBCOMMENT',
    'Observations',
    'Remarque',
    'NOTE',
    'TEXTE1',
    'renseignements cliniques',
  ])('F03 the free text "%s" needs its own line with a purpose', (name) => {
    expect(listing({ name })).toBe('E_SCOPE');
    expect(listing({ name, freeText: false, purpose: 'care' })).toBe('E_SCOPE');
    expect(listing({ name, freeText: true })).toBe('E_SCOPE');
    expect(listing({ name, freeText: true, purpose: '  ' })).toBe('E_SCOPE');
    const fields = [{ name, freeText: true, purpose: 'care' }];
    expect(instructed({ datasets: [datasetNamed('patients', { fields })] }).signed.datasets).toHaveLength(1);
  });

  test('says where in the document the field is', () => {
    const datasets = [datasetNamed('patients'), datasetNamed('results', { fields: [{ name: 'IPP' }, { name: 'MP' }] })];
    expect(refusal(() => instructed({ datasets })).place?.path).toBe('/signed/datasets/1/fields/1');
  });
});

describe('the place of what instructions do wrong', () => {
  const dialect = { ...datasetNamed('a').dialect, delimiter: '"' };
  const header = ['IPP', 'NAISSANCE', 'IPP'];

  test.each<[string, () => Partial<Instructions>, string]>([
    ['a version out of range', () => ({ version: 1_000_001 }), '/signed/version'],
    ['an end before the beginning', () => ({ expires: instructionsMembers().notBefore }), '/signed/expires'],
    [
      'a purge before the delivery',
      () => ({ deadlines: { ...instructionsMembers().deadlines, purge: at('00:00') } }),
      '/signed/deadlines/purge',
    ],
    [
      'a dataset named twice',
      () => ({ datasets: [datasetNamed('a'), datasetNamed('b'), datasetNamed('a')] }),
      '/signed/datasets/2',
    ],
    [
      'a delimiter that is the quote too',
      () => ({ datasets: [datasetNamed('a'), datasetNamed('b', { dialect })] }),
      '/signed/datasets/1/dialect',
    ],
    [
      'a column named twice',
      () => ({ datasets: [datasetNamed('a', { dialect: { ...datasetNamed('a').dialect, header } })] }),
      '/signed/datasets/0/dialect/header',
    ],
    ['no field', () => ({ datasets: [datasetNamed('a', { fields: [] })] }), '/signed/datasets/0/fields'],
    [
      'a wildcard',
      () => ({ datasets: [datasetNamed('a', { fields: [{ name: '*' }] })] }),
      '/signed/datasets/0/fields/0',
    ],
    [
      'a field listed twice',
      () => ({ datasets: [datasetNamed('a', { fields: [{ name: 'IPP' }, { name: 'IPP' }] })] }),
      '/signed/datasets/0/fields/1',
    ],
    [
      'free text without a purpose',
      () => ({ datasets: [datasetNamed('a', { fields: [{ name: 'IPP' }, { name: 'NOTE' }] })] }),
      '/signed/datasets/0/fields/1',
    ],
  ])('is named, for who drafts them: %s', (_title, changes, path) => {
    expect(refusal(() => instructed(changes())).place).toEqual({ path });
  });
});

describe('the datasets of instructions', () => {
  const linked = (name: string, to: string): Dataset =>
    datasetNamed(name, { link: { field: 'IPP', to, toField: 'IPP' } });

  test('with one name twice are refused', () => {
    expect(refused({ datasets: [datasetNamed('patients'), datasetNamed('patients')] })).toBe('E_SCOPE');
  });

  test('with one character for delimiter and quote are refused', () => {
    const dialect = { ...datasetNamed('a').dialect, delimiter: '"' };
    expect(refused({ datasets: [datasetNamed('patients', { dialect })] })).toBe('E_SCOPE');
  });

  test('that name the columns of a source without a header name each once, and every column that they ask for', () => {
    const from = { date: '2017-05-07', inclusive: true };
    const window = {
      field: 'VISITE',
      format: 'YYYY-MM-DD',
      from,
      emptyDate: 'withhold',
      impossibleDate: 'withhold',
    } as const;
    const named = (header: readonly string[], changes: Partial<Dataset> = {}): Partial<Instructions> => {
      const dialect = { ...datasetNamed('a').dialect, header };
      return { datasets: [datasetNamed('patients', { dialect, ...changes }), datasetNamed('visits')] };
    };
    const link = { field: 'VISITE', to: 'visits', toField: 'IPP' };
    for (const changes of [{}, { window }, { link }]) {
      expect(instructed(named(['IPP', 'MP', 'NAISSANCE', 'VISITE'], changes)).signed.datasets).toHaveLength(2);
    }
    expect(refused(named(['IPP', 'MP', 'MP', 'NAISSANCE']))).toBe('E_SCOPE');
    expect(refused(named(['IPP', 'MP']))).toBe('E_SCOPE');
    for (const changes of [{ window }, { link }]) {
      const error = refusal(() => instructed(named(['IPP', 'NAISSANCE'], changes)));
      expect([error.code, error.place?.path]).toEqual(['E_SCOPE', '/signed/datasets/0/dialect/header']);
      expect(error.message).toContain('"VISITE"');
    }
  });

  test('fault 18: never take a column for another whose name differs in normalisation or case alone', () => {
    const asking = (name: string): Partial<Instructions> => {
      const dialect = { ...datasetNamed('a').dialect, header: ['Pr\u00e9nom'] };
      return { datasets: [datasetNamed('patients', { dialect, fields: [{ name }] })] };
    };
    expect(instructed(asking('Pr\u00e9nom')).signed.datasets).toHaveLength(1);
    for (const name of ['Pre\u0301nom', 'PR\u00c9NOM', 'Prenom', 'Pr\u00e9nom '])
      expect(refused(asking(name))).toBe('E_SCOPE');
  });

  test('F10 a window in which no day lies is refused', () => {
    const window = {
      field: 'VISITE',
      format: 'DD/MM/YYYY',
      from: { date: '2017-05-08', inclusive: true },
      to: { date: '2017-05-07', inclusive: true },
      emptyDate: 'withhold',
      impossibleDate: 'withhold',
    } as const;
    expect(refused({ datasets: [datasetNamed('patients', { window })] })).toBe('E_DATE');
    const day = { date: '2017-05-07', inclusive: true };
    const one = { ...window, from: day, to: day };
    expect(instructed({ datasets: [datasetNamed('patients', { window: one })] }).signed.datasets).toHaveLength(1);
    const none = { ...window, from: day, to: { ...day, inclusive: false } };
    expect(refused({ datasets: [datasetNamed('patients', { window: none })] })).toBe('E_DATE');
  });

  test('a link to a dataset that is not there is refused', () => {
    expect(refused({ datasets: [linked('results', 'patients')] })).toBe('E_SCOPE');
  });

  test('links that lead back are refused, also to the dataset itself', () => {
    expect(refused({ datasets: [linked('a', 'a')] })).toBe('E_SCOPE');
    expect(refused({ datasets: [linked('a', 'b'), linked('b', 'c'), linked('c', 'a')] })).toBe('E_SCOPE');
  });

  test('are ordered so that each comes after the one it is linked to, otherwise as instructed', () => {
    const datasets = [
      linked('results', 'visits'),
      datasetNamed('codes'),
      linked('visits', 'patients'),
      datasetNamed('patients'),
    ];
    expect(linkOrder(datasets).map(({ name }) => name)).toEqual(['patients', 'visits', 'results', 'codes']);
  });
});
