/** The report's words in English. */
import { english } from '../language/english.ts';
import { englishSteps } from './english-steps.ts';
import { englishSummary } from './english-summary.ts';
import type { ReportWords } from './words.ts';

const { text: en, list, count, moment } = english;

/** English. */
export const englishReport: ReportWords = {
  kind: 'Report of a migration',
  subject: (job, source, recipients) => en`Job ${job}: from ${source} to ${list(recipients)}`,
  contents: 'Contents',
  sections: {
    summary: 'In short',
    counts: 'What was counted',
    datasets: 'Dataset by dataset',
    steps: 'Who did what, and when',
    files: 'Files and digests',
    claims: 'How far each statement goes',
    check: 'How to check this without us',
    instructions: 'The instructions as signed',
    words: 'What the words mean',
  },
  headings: {
    dataset: 'Dataset',
    read: 'In the source',
    left: 'Left',
    stayed: 'Stayed',
    total: 'Together',
    field: 'Field',
    leavesAs: 'Leaves as',
    asked: 'Asked',
    inSource: 'In the source',
    fieldLeft: 'Left',
    fieldStayed: 'Stayed',
    freeText: 'Free text',
    purpose: 'Purpose',
    year: 'Year',
    countedBy: 'Counted by',
    rows: 'Rows',
    entry: 'Entry',
    time: 'Time (UTC)',
    step: 'Step',
    who: 'Who',
    role: 'Role',
    detail: 'Detail',
    file: 'File',
    bytes: 'Bytes',
    digest: 'SHA-256',
    delivered: 'Delivery',
    question: 'Question',
    standing: 'Standing',
    claim: 'Claim',
    reason: 'Reason',
    organisation: 'Organisation',
    country: 'Country',
    fingerprint: 'Fingerprint',
    undertaking: 'Confidentiality undertaking',
    steps: 'Entries',
  },
  labelled: (label, text) => en`${label}: ${text}`,
  yes: 'yes',
  no: 'no',
  notKnown: '?',
  course: 'How far the job came',
  milestones: {
    signed: 'Signed',
    extracted: 'Extracted',
    approved: 'Approved',
    delivered: 'Delivered',
    received: 'Received',
    imported: 'Loaded',
    validated: 'Validated',
    revoked: 'Revoked',
    aborted: 'Given up',
    purged: 'Deleted',
  },
  milestoneStandings: { partly: 'in part', ahead: 'to come', missed: 'did not happen' },
  figures: ({ rowsLeft, rowsStayed, columnsLeft, columnsStayed }) => ({
    rowsLeft: rowsLeft === 1 ? 'row left' : 'rows left',
    rowsStayed: rowsStayed === 1 ? 'row stayed' : 'rows stayed',
    columnsLeft: columnsLeft === 1 ? 'column left' : 'columns left',
    columnsStayed: columnsStayed === 1 ? 'column stayed' : 'columns stayed',
  }),
  summary: englishSummary,
  totals: {
    rows: 'Rows of each dataset',
    fields: 'Fields of each dataset',
    nothing: 'No extraction is recorded: there is nothing to count.',
  },
  dataset: {
    leaving: (fields) => en`${count(fields, 'field')} asked for`,
    staying: (columns) =>
      columns === 0
        ? 'No other column is in the source.'
        : en`${count(columns, 'other column')} of the source, not asked for: ${columns === 1 ? 'it' : 'all'} stayed`,
    decides: 'decides which rows leave',
    freeText: 'free text',
    leavesAs: (name) => en`leaves as ${name}`,
    unread: 'No extraction is recorded: which fields the source has is not known.',
  },
  stayReasons: {
    malformed: 'unreadable',
    emptyDate: 'without a date',
    impossibleDate: 'with an impossible date',
    outsideWindow: 'outside the dates that were asked for',
    excluded: 'excluded',
    notLinked: 'linked to no row that left',
  },
  chart: {
    title: (field) => en`Rows by the year of ${field}`,
    left: 'left',
    stayed: 'stayed',
    alternative: ({ first, last, left, stayed }) =>
      en`Bar chart from ${String(first)} to ${String(last)}: ${left} rows left and ${stayed} stayed. The numbers of each year follow.`,
    ends: (first, last) => en`The first row that left is of ${first}, the last of ${last}.`,
    undated: (rows) => en`${count(rows, 'row')} without a readable date ${rows === 1 ? 'is' : 'are'} not in the chart.`,
    decades: 'Each bar is a decade; each year is in the table of the spreadsheets.',
  },
  steps: englishSteps,
  files: {
    intro:
      'Each file is encrypted for the recipients alone. Its digest, a number computed from its content, is the same only for the very same file.',
    none: 'There is no sealed file.',
    delivered: { no: 'not sent', sent: 'sent, its size compared', 'read-back': 'sent, read back whole and compared' },
    server: (host, port, country) =>
      en`Server: ${host}, port ${port} (${country}); the key that it showed is the one in the instructions.`,
  },
  standingCounts: (standing, amount) => en`${count(amount, 'statement')} ${amount === 1 ? 'is' : 'are'} ${standing}`,
  entry: (number) => en`entry ${number}`,
  check: {
    done: ({ at, roster, witness, lab, entries, head }) => [
      at === undefined
        ? 'This report was made with the evidence and names no time but those that were signed.'
        : en`This report was made on ${moment(at)}.`,
      en`Before it was written, every signature, role, date and count of the ${count(entries, 'entry', 'entries')} of the journal was checked under the roster of ${lab}, which ${roster === 'given' ? 'was given as a file' : 'is pinned on the machine that wrote it'}. The head of the journal is ${head}.`,
      witness === undefined
        ? 'No earlier manifest was at hand to compare with.'
        : en`It continues, unchanged, an earlier manifest of ${count(witness, 'entry', 'entries')} that the reader had kept.`,
    ],
    fingerprint: (lab) => en`Fingerprint of the roster of ${lab}`,
    intro:
      'Do not believe this page: it is a text, and anybody could have written it. The proof is in two files, manifest.json and the laboratory’s roster. Ask the laboratory for the fingerprint above on the phone, then check by one of these ways.',
    byPage: 'In a browser, without a network: open sealift.html and drop both files.',
    byCommand: 'By the command, which is open source:',
    byHand: 'With tools that have nothing to do with Sealift:',
    digests: 'The sealed files, in the folder where they lie:',
    signature: (signer) => en`The signature of ${signer} on the instructions, in the folder of manifest.json:`,
    answers: (answer) => en`It must answer “${answer}”.`,
    further:
      'verify-by-hand.md, in every archive of evidence and in the source of Sealift, goes on from there: every entry, the chain between them, the fingerprint.',
  },
  versions: 'Versions that were in force, in order',
  glossary: [
    ['controller', 'the laboratory: it decides what leaves and why, and signs for it'],
    ['processor', 'the company that acts for the laboratory, on its instructions only'],
    ['recipient', 'who may open the files: the operator of the new system, or the laboratory itself'],
    ['dataset', 'one table of the old system, such as patients or results'],
    ['field, column', 'one kind of information of a dataset, such as a name or a date'],
    ['sealed file', 'an encrypted file that only the recipients can open; the processor can’t either'],
    ['signature', 'a number that only the holder of a secret key can compute over a text, and anyone can check'],
    ['digest', 'a number computed from a file (SHA-256): another file has another one'],
    ['fingerprint', 'the digest of a person’s public keys or of a roster, short enough to read out on the phone'],
    ['roster', 'the laboratory’s list of who signs for it, and how many must'],
    [
      'journal, manifest',
      'the sequence of all signed statements of a job; the file that holds it with all that is needed to check it',
    ],
    ['free text', 'a field in which anything may have been written'],
  ],
  footer: 'This report holds counts, names of columns and names of those who acted; no value of any patient.',
};
