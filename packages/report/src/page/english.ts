/** Instructions in English. */
import { type AllowedField, type Dataset, outputName } from '@sealift/core/dataset';
import type { Instructions, MachineRequirement } from '@sealift/core/instructions';
import { english } from '../language/english.ts';
import { englishDateRule } from './date-rule.ts';
import { englishDialect } from './dialect.ts';
import { labNumber, type Page, type PageFacts, type Section, type SignatureStatus } from './page.ts';
import { englishSecondLook } from './second-look-words.ts';

const { text: en, day, moment, list, days, country } = english;

/** The page of instructions in English. */
export function englishPage({ signed, status }: PageFacts): Page {
  return {
    title: en`Instructions for job ${signed.job}, version ${signed.version}`,
    sections: [
      { title: 'Signature', lines: [signature(signed, status)] },
      englishSecondLook(signed),
      parties(signed),
      ...signed.datasets.map(dataset),
      staysOut(),
      recipients(signed),
      server(signed),
      ...machine(signed),
      conditions(signed),
      dates(signed),
      contract(signed),
      ...revoked(signed),
      ...(signed.note === undefined ? [] : [{ title: 'Note', lines: [signed.note] }]),
    ],
  };
}

function signature({ lab }: Instructions, status: SignatureStatus): string {
  switch (status.state) {
    case 'unsigned':
      return 'This is a draft. Nobody has signed it, and nothing may leave on the strength of it.';
    case 'unchecked':
      return en`This document carries signatures (${status.signatures}) that could not be checked: the roster of ${lab.name} is not at hand. Take it for a draft.`;
    case 'foreign':
      return en`Nobody who may sign for ${lab.name} has signed this document. It has no effect.`;
    case 'incomplete':
      return en`${list(status.signedBy.map(({ name }) => name))} signed this document. ${lab.name} requires ${status.threshold} signers: it has no effect yet.`;
    case 'complete':
      return en`${list(status.signedBy.map(({ name }) => name))} signed this document for ${lab.name}, which requires ${status.threshold}. It has effect within the dates below.`;
  }
}

function parties(signed: Instructions): Section {
  const { lab, processor, proposedBy, source } = signed;
  return {
    title: 'Who asks, who acts',
    lines: [
      en`${lab.name} (${labNumber(signed)}) is the controller. It alone decides what leaves.`,
      en`${processor.name} (${country(processor.country)}) is the processor and acts on these instructions only. For it act:`,
      ...processor.operators.map(
        ({ name, account, undertaking, unattended }) =>
          en`- ${name}, with the account ${account}, bound to confidentiality since ${day(undertaking)}${unattended ? '; a service that deletes without anybody watching, and may act like the others' : ''}.`,
      ),
      en`${proposedBy.name} (${proposedBy.organisation}) proposed this list. Only the laboratory's signature gives it effect.`,
      en`The data come out of ${source.product}, version ${source.version}, which ${source.endOfLife ? 'is no longer maintained' : 'is still maintained'}.`,
    ],
  };
}

function dataset(found: Dataset): Section {
  const { name, fields, expected, ceiling, malformed, disposeSource, note, dialect } = found;
  const plain = fields.filter(({ freeText }) => freeText !== true);
  const free = fields.filter(({ freeText }) => freeText === true);
  const lines = [
    ...(plain.length === 0 ? [] : [en`These fields leave (${plain.length}):`, ...plain.map(field)]),
    ...(free.length === 0
      ? []
      : [en`This free text leaves too (${free.length}), each for its own reason:`, ...free.map(field)]),
    ...englishRules(found),
  ];
  if (expected?.rows !== undefined) lines.push(en`The laboratory expects ${expected.rows} rows in the source.`);
  if (expected?.kept !== undefined) lines.push(en`The laboratory expects ${expected.kept} rows to leave.`);
  if (ceiling?.rows !== undefined) lines.push(en`More than ${ceiling.rows} rows never leave.`);
  if (ceiling?.bytes !== undefined) lines.push(en`More than ${ceiling.bytes} bytes never leave.`);
  lines.push(...englishDialect(dialect));
  if (malformed !== undefined)
    lines.push('A row with more or fewer cells than the header may be left out; it is counted.');
  if (disposeSource === true) {
    lines.push(
      'The processor may delete the source file itself, once every signature that the deletion of its copies waits for is there, and not on a deadline.',
    );
  }
  if (note !== undefined) lines.push(en`Note: ${note}`);
  return { title: en`What leaves of “${name}”`, lines };
}

function field(allowed: AllowedField): string {
  const renamed = outputName(allowed) === allowed.name ? '' : en`, under the name “${outputName(allowed)}”`;
  const purpose = allowed.purpose === undefined ? '' : en` — ${allowed.purpose}`;
  const note = allowed.note === undefined ? '' : en` (${allowed.note})`;
  return en`- ${allowed.name}${renamed}${purpose}${note}`;
}

/** By which rule rows of a dataset leave. */
export function englishRules({ window, link }: Dataset): string[] {
  const lines = [
    ...(window === undefined
      ? [link === undefined ? 'There is no date window: rows of any date leave.' : 'There is no date window.']
      : englishDateRule(window)),
  ];
  if (link !== undefined) {
    lines.push(
      en`A row leaves only if its “${link.field}” is among the “${link.toField}” of the rows of “${link.to}” that leave.`,
    );
  }
  return lines;
}

function staysOut(): Section {
  return {
    title: 'What stays',
    lines: [
      'Every field that is not named above stays, whatever the source holds, and so does every row that a window or a link leaves out. All of them are counted.',
      'Passwords and logins can never be listed. A row that cannot be read stops the extraction, unless it is said above that it may be left out.',
    ],
  };
}

function recipients({ recipients: found, suite }: Instructions): Section {
  return {
    title: 'Who may decrypt',
    lines: [
      'Only these can read the files; the processor itself cannot:',
      ...found.map(
        ({ name, country: code, account, expires }) =>
          en`- ${name} (${country(code)}), with the account ${account}${expires === undefined ? '' : en`, until ${moment(expires)}`}.`,
      ),
      suite === 'xwing-sealedbox'
        ? 'The keys are wrapped so that a stored copy stays closed to a future quantum computer too (X-Wing).'
        : 'The keys are wrapped without protection against a future quantum computer.',
    ],
  };
}

function server({ endpoint, transfers }: Instructions): Section {
  return {
    title: 'Where the files go',
    lines: [
      en`The sealed files go over SFTP to ${endpoint.host}, port ${String(endpoint.port)}, in this country: ${country(endpoint.country)}. They lie below the folder “${endpoint.folder}”.`,
      endpoint.readBack
        ? 'The server has to show the one key that is named here. Every file is read back whole and compared after its upload.'
        : 'The server has to show the one key that is named here. The size of every file is compared after its upload.',
      transfers.outsideEea
        ? en`Data may leave the European Economic Area, for ${list(transfers.countries.map(country))} only. The safeguard is: ${transfers.safeguard}`
        : 'No data may leave the European Economic Area.',
    ],
  };
}

const REQUIREMENTS: Readonly<Record<MachineRequirement, string>> = {
  'listening-sockets': '- no program on it listens to other machines',
  'disk-encryption': '- its disk is encrypted',
  'removable-folder': '- the files lie on a disk that is built in',
  'synchronised-folder': '- no program copies the files elsewhere',
  'file-modes': '- other users of it can neither read nor replace the files',
  swap: '- its memory is not written to an unencrypted disk',
  'core-dumps': '- a crash leaves no copy of its memory',
  clock: '- its clock is right',
  'node-support': '- the Node release that Sealift runs on is maintained',
};

function machine({ requires = [] }: Instructions): Section[] {
  if (requires.length === 0) return [];
  const lines = requires.map((name, index) => `${REQUIREMENTS[name]}${index < requires.length - 1 ? ';' : '.'}`);
  return [
    {
      title: 'The machine that sends',
      lines: ['Nothing is sent unless the processor’s machine shows that:', ...lines],
    },
  ];
}

function conditions({ gates }: Instructions): Section {
  const purge = {
    receipt: '- every recipient has signed that it received the files and could read them',
    import: '- every recipient has signed that the rows are in the new system',
    validation: '- the laboratory has signed that it validates the result',
  } as const;
  return {
    title: 'What comes first',
    lines: [
      gates.delivery.includes('approval')
        ? 'Nothing is sent before the laboratory has signed its approval of the counts and columns.'
        : 'The files are sent as soon as they are extracted, without another approval.',
      gates.purge.length === 1
        ? 'The processor deletes every copy as soon as:'
        : 'The processor deletes every copy as soon as all of this is done:',
      ...gates.purge.map((gate, index) => `${purge[gate]}${index < gates.purge.length - 1 ? ';' : '.'}`),
    ],
  };
}

function dates({ notBefore, expires, deadlines, retention }: Instructions): Section {
  return {
    title: 'Until when',
    lines: [
      en`These instructions hold from ${moment(notBefore)} until ${moment(expires)}, that moment excluded.`,
      en`The files are to be delivered by ${moment(deadlines.delivery)}. A warning comes ${days(deadlines.warnDays)} before a deadline.`,
      deadlines.atPurge === 'purge'
        ? en`On ${moment(deadlines.purge)} the processor deletes its copies even if a signature is still missing.`
        : en`The copies are to be deleted by ${moment(deadlines.purge)}. If a signature is missing then, they are kept and an alert is raised.`,
      en`Data are kept for ${days(retention.dataDays)}, logs for ${days(retention.logsDays)}, evidence for ${days(retention.evidenceDays)}.`,
    ],
  };
}

function contract({ contract: found }: Instructions): Section {
  return {
    title: 'Contract (Art. 28(3) GDPR)',
    lines: [
      en`The contract ${found.reference} holds up to and including ${day(found.expires)}; its digest is ${found.digest}.`,
      en`Subject matter: ${found.subjectMatter}`,
      en`Duration: ${found.duration}`,
      en`Nature: ${found.nature}`,
      en`Purpose: ${found.purpose}`,
      en`Kinds of data: ${list(found.dataKinds)}`,
      en`Data subjects: ${list(found.dataSubjects)}`,
    ],
  };
}

function revoked({ revoked: found = [] }: Instructions): Section[] {
  if (found.length === 0) return [];
  return [
    {
      title: 'No longer trusted',
      lines: found.map(({ identity, since, reason }) => en`- The key ${identity} since ${moment(since)}: ${reason}`),
    },
  ];
}
