import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readDocument } from '../src/document.ts';
import { signDocument } from '../src/envelope.ts';
import { SealiftError } from '../src/errors.ts';
import { parseUtcTime, type UtcTime } from '../src/ids.ts';
import { type Instructions, type VerifiedInstructions, verifyInstructions } from '../src/instructions.ts';
import { verifyManifest } from '../src/journal/manifest.ts';
import type { ToldAlert } from '../src/node/alert.ts';
import { isCaughtUp, Job, type Trust } from '../src/node/job.ts';
import { jobFolder, keptVersions, listJobs, readJob } from '../src/node/job-folder.ts';
import { appendToJournalFile, readJournalFile, setTornTailAside } from '../src/node/journal-file.ts';
import { Ledger } from '../src/node/ledger.ts';
import { TrustStore } from '../src/node/trust-store.ts';
import { verifySuccessor } from '../src/roster.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import type { Statement } from '../src/statement.ts';
import { temporaryFolders } from './folder.ts';
import { approvalOf, extractionOf, purgeOf, revocationOf } from './job-story.ts';
import {
  alice,
  at,
  biologist,
  datasetNamed,
  director,
  instructed,
  instructionsMembers,
  otherLaboratory,
  pinnedRoster,
  rosterDocument,
  stranger,
} from './laboratory.ts';
import { asyncCodeOf } from './refusal.ts';

beforeAll(ready);

const folder = temporaryFolders();
const alert: Statement = { kind: 'alert', code: 'E_CLOCK', message: 'the clocks differ' };
const waiting = (message = 'the approval is missing'): SealiftError => new SealiftError('E_WAITING', message);

/** A vendor's machine: a workspace, pinned trust, and a clock that is set. */
async function newDesk(state = folder()) {
  const trust: Trust = { rosters: new TrustStore(state), ledger: new Ledger(state) };
  await trust.rosters.pin(rosterDocument());
  const desk: { workspace: string; trust: Trust; time: UtcTime } = { workspace: folder(), trust, time: at('08:00') };
  const acting = { signer: alice(), now: () => desk.time };
  return {
    ...desk,
    folder: jobFolder(desk.workspace, instructed().signed.job),
    setClock: (time: UtcTime) => {
      desk.time = time;
    },
    take: (instructions: VerifiedInstructions = instructed()) => Job.take(desk.workspace, instructions, trust, acting),
    open: () => Job.open(jobFolder(desk.workspace, instructed().signed.job), trust, acting),
  };
}
type Desk = Awaited<ReturnType<typeof newDesk>>;

async function using<T>(job: Promise<Job>, work: (job: Job) => Promise<T> | T): Promise<T> {
  const opened = await job;
  try {
    return await work(opened);
  } finally {
    await opened.release();
  }
}

function failWith(message: string): never {
  throw new Error(message);
}

async function extractedDesk(): Promise<Desk> {
  const desk = await newDesk();
  await using(desk.take(), (job) => job.append(extractionOf(job.instructions)));
  return desk;
}

const journal = (desk: Desk): string => join(desk.folder, 'journal.jsonl');
const kinds = (job: Job): string[] => job.story.entries.map(({ signed }) => signed.statement.kind);
const second = (changes: Partial<Instructions> = {}): VerifiedInstructions =>
  instructed({ version: 2, note: 'later', ...changes });
const manifestOf = (desk: Desk) =>
  readDocument(readFileSync(join(desk.folder, 'manifest.json')), 'sealift.manifest.v1').document;

describe('a job in a workspace', () => {
  test('is taken up, grows by statements, and is read again as the same story', async () => {
    const desk = await extractedDesk();
    const story = await using(desk.open(), async (job) => {
      await job.append(approvalOf(job.story, at('07:59')));
      return job.story;
    });
    expect((await readJob(desk.folder, desk.trust.rosters)).story).toEqual(story);
    expect(verifyManifest(manifestOf(desk), pinnedRoster())).toEqual(story);
    expect(await listJobs(desk.workspace)).toEqual(['parc-2026']);
  });

  test('is held by one process at a time', async () => {
    const desk = await newDesk();
    await using(desk.take(), async () => {
      expect(await asyncCodeOf(desk.take())).toBe('E_LOCKED');
      expect(await asyncCodeOf(desk.open())).toBe('E_LOCKED');
    });
    await using(desk.open(), (job) => expect(job.story.entries).toEqual([]));
  });

  test('is listed once it has instructions; what else lies there is no job', async () => {
    const desk = await newDesk();
    mkdirSync(join(desk.workspace, 'jobs', 'half-made', 'out'), { recursive: true });
    writeFileSync(join(desk.workspace, 'jobs', 'notes.txt'), '');
    expect(await listJobs(desk.workspace)).toEqual([]);
    expect(await listJobs(join(desk.workspace, 'nowhere'))).toEqual([]);
    expect(
      await asyncCodeOf(
        Job.open(join(desk.workspace, 'jobs', 'half-made'), desk.trust, { signer: alice(), now: () => at('08:00') }),
      ),
    ).toBe('E_NOT_FOUND');
  });

  test('refuses a statement that does not hold, and the journal stays as it was', async () => {
    const desk = await extractedDesk();
    const before = readFileSync(journal(desk));
    await using(desk.open(), async (job) => {
      expect(await asyncCodeOf(job.append(extractionOf(job.instructions)))).toBe('E_STATE');
      expect(await asyncCodeOf(job.append(purgeOf(job.story)))).toBe('E_STATE');
    });
    expect(readFileSync(journal(desk))).toEqual(before);
  });

  test('never writes an entry that it could not read again', async () => {
    const desk = await newDesk();
    await using(desk.take(), async (job) => {
      expect(await asyncCodeOf(job.append({ ...alert, message: 'x'.repeat(2001) }))).toBe('E_SCHEMA');
      expect(await asyncCodeOf(job.append({ kind: 'abort', reason: '' }))).toBe('E_SCHEMA');
      const message = Array.from({ length: 600 }, () => '\u{1f9ec}').join('');
      await job.refuse('extract', new SealiftError('E_HEADER', message));
    });
    await using(desk.open(), (job) => expect(kinds(job)).toEqual(['refusal']));
  });

  test('fault 68: refuses a journal that was altered on the disk', async () => {
    const desk = await extractedDesk();
    const line = readFileSync(journal(desk), 'utf8');
    for (const altered of [
      line.replace('"kept":90', '"kept":91'),
      line.replace('{', '{ '),
      line.replace('}\n', '} \n'),
      `${line}${line}`,
      `x${line}`,
      `\n${line}`,
    ]) {
      writeFileSync(journal(desk), altered);
      expect(['E_CHAIN', 'E_SIG']).toContain(await asyncCodeOf(desk.open()));
    }
    writeFileSync(journal(desk), line);
    await using(desk.open(), (job) => expect(kinds(job)).toEqual(['extraction']));
  });

  test('fault 68: an altered entry is named by its number and its line', async () => {
    const desk = await extractedDesk();
    await using(desk.open(), (job) => job.append(alert));
    const [first = '', next = ''] = readFileSync(journal(desk), 'utf8').split('\n');
    writeFileSync(journal(desk), `${first}\n${next.replace('{', '{ ')}\n`);
    await expect(desk.open()).rejects.toMatchObject({
      code: 'E_CHAIN',
      message: "journal entry 1 can't be read",
      place: { file: journal(desk), line: 2 },
    });
  });

  test('fault 68: a journal without the instructions that it was acted under does not begin anew', async () => {
    const desk = await extractedDesk();
    await using(desk.take(second()), (job) => job.append(alert));
    rmSync(join(desk.folder, 'instructions.1.json'));
    expect(await asyncCodeOf(desk.open())).toBe('E_CHAIN');
  });

  test('fault 7: a journal grows to its limit and no further, so that it can be read again', async () => {
    const desk = await extractedDesk();
    const before = readFileSync(journal(desk));
    const [entry] = (await readJournalFile(journal(desk))).entries;
    if (entry === undefined) throw new Error('no entry');
    const limit = 64 * 1024 * 1024;
    await expect(appendToJournalFile(journal(desk), entry, limit - before.length + 1)).rejects.toMatchObject({
      code: 'E_LIMIT',
      place: { file: journal(desk) },
    });
    expect(readFileSync(journal(desk))).toEqual(before);
    expect(await appendToJournalFile(journal(desk), entry, limit - before.length)).toBe(limit);
  });

  test('fault 14: a folder with the instructions of another job is refused', async () => {
    const desk = await newDesk();
    await using(desk.take(), () => undefined);
    const renamed = join(desk.workspace, 'jobs', 'other-job');
    renameSync(desk.folder, renamed);
    expect(await asyncCodeOf(readJob(renamed, desk.trust.rosters))).toBe('E_MISMATCH');
    expect(await asyncCodeOf(readJob(desk.folder, desk.trust.rosters))).toBe('E_NOT_FOUND');
  });

  test('fault 65: nothing is appended before the last entry’s time', async () => {
    const desk = await extractedDesk();
    desk.setClock(at('07:59:59'));
    await using(desk.open(), async (job) => expect(await asyncCodeOf(job.append(alert))).toBe('E_CLOCK'));
  });
});

describe('a refused step', () => {
  const attempt = (desk: Desk, error: Error): Promise<string> =>
    using(desk.open(), (job) => asyncCodeOf(job.attempt('send', () => Promise.reject(error))));

  test('is recorded before the error goes on, once for the same reason, whatever moment it names', async () => {
    const desk = await extractedDesk();
    const expired = (time: string): SealiftError => new SealiftError('E_TIME', `expired at ${at(time)}`);
    for (const error of [waiting(), waiting(), expired('08:01'), expired('08:02'), waiting()])
      await attempt(desk, error);
    await using(desk.open(), async (job) => {
      expect(kinds(job)).toEqual(['extraction', 'refusal', 'refusal']);
      await job.append(approvalOf(job.story, at('08:00')));
    });
    await attempt(desk, waiting());
    await using(desk.open(), (job) =>
      expect(kinds(job)).toEqual(['extraction', 'refusal', 'refusal', 'approval', 'refusal']),
    );
  });

  test('is recorded for each step and each reason', async () => {
    const desk = await extractedDesk();
    await attempt(desk, waiting());
    await attempt(desk, waiting('another reason'));
    await using(desk.open(), (job) => job.refuse('purge', waiting()));
    await using(desk.open(), (job) => expect(kinds(job)).toEqual(['extraction', 'refusal', 'refusal', 'refusal']));
  });

  test('fault 71: of the local machine is recorded without its paths', async () => {
    const desk = await extractedDesk();
    await attempt(desk, new SealiftError('E_FILE', 'writing /home/alice/x failed (ENOSPC)'));
    expect(readFileSync(journal(desk), 'utf8')).not.toContain('/home/alice');
  });

  test('a defect of the program is neither recorded nor hidden by one', async () => {
    const desk = await extractedDesk();
    const before = readFileSync(journal(desk));
    const { fingerprint } = alice();
    const broken = { signer: { fingerprint, sign: () => failWith('defect') }, now: () => at('09:00') };
    const job = await Job.open(desk.folder, desk.trust, broken);
    await expect(job.refuse('send', waiting())).rejects.toThrow('defect');
    await expect(job.alert(waiting())).rejects.toThrow('defect');
    await expect(job.attempt('send', () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
    await job.release();
    expect(readFileSync(journal(desk))).toEqual(before);
  });

  test('is what people read, also when it can not be recorded', async () => {
    const desk = await extractedDesk();
    desk.setClock(at('07:00'));
    expect(await attempt(desk, waiting())).toBe('E_WAITING');
    await using(desk.open(), (job) => expect(kinds(job)).toEqual(['extraction']));
  });
});

describe('an alert', () => {
  const day = (date: number, time: string): UtcTime => parseUtcTime(`2026-03-0${date}T${time}:00Z`);
  const clocks = new SealiftError('E_CLOCK', 'the clocks differ');

  test('is given again a day later as long as it holds, and not before', async () => {
    const desk = await extractedDesk();
    const given: boolean[] = [];
    for (const time of [day(2, '09:00'), day(2, '10:00'), day(3, '08:59'), day(3, '09:00'), day(3, '20:00')]) {
      desk.setClock(time);
      await using(desk.open(), async (job) => given.push(await job.alert(clocks)));
    }
    expect(given).toEqual([true, false, false, true, false]);
    await using(desk.open(), (job) => expect(kinds(job)).toEqual(['extraction', 'alert', 'alert']));
  });

  test('is given by itself for each code and each message, also where a refusal has said the same', async () => {
    const desk = await extractedDesk();
    await using(desk.open(), async (job) => {
      await job.refuse('purge', clocks);
      for (const [code, message] of [
        ['E_CLOCK', 'the clocks differ'],
        ['E_CLOCK', 'the clocks differ by two hours'],
        ['E_DEADLINE', 'the clocks differ'],
      ] as const)
        expect(await job.alert(new SealiftError(code, message))).toBe(true);
      expect(await job.alert(clocks)).toBe(false);
      expect(kinds(job)).toEqual(['extraction', 'refusal', 'alert', 'alert', 'alert']);
    });
  });

  test('is told once it is in the journal, as new, then as repeated', async () => {
    const desk = await extractedDesk();
    const told: ToldAlert[] = [];
    for (const time of [day(2, '09:00'), day(2, '10:00'), day(3, '09:00')]) {
      const onAlert = async (one: ToldAlert) => void told.push(one);
      const open = Job.open(desk.folder, desk.trust, { signer: alice(), now: () => time, onAlert });
      await using(open, (job) => job.alert(clocks));
    }
    const given = { code: 'E_CLOCK', message: 'the clocks differ' };
    expect(told).toMatchObject([
      { ...given, time: day(2, '09:00'), occasion: 'new' },
      { ...given, time: day(3, '09:00'), occasion: 'repeated' },
    ]);
  });

  test('fault 71: of the local machine is recorded without its paths', async () => {
    const desk = await extractedDesk();
    await using(desk.open(), (job) => job.alert(new SealiftError('E_PURGE', 'deleting /home/alice/x failed (EIO)')));
    expect(readFileSync(journal(desk), 'utf8')).not.toContain('/home/alice');
  });

  test.each([
    ['a week after the last date of the instructions keeps its time', '2026-06-07T00:00:00Z', '2026-06-07T00:00:00Z'],
    ['fault 65: later, takes the time of the entry before it', '2036-03-02T08:00:00Z', '2026-03-02T08:00:00Z'],
  ])('%s', async (_, now, time) => {
    const desk = await extractedDesk();
    desk.setClock(parseUtcTime(now));
    await using(desk.open(), async (job) => {
      await job.refuse('send', waiting());
      await job.alert(clocks);
    });
    await using(desk.open(), ({ story }) =>
      expect(story.entries.slice(1).map(({ signed }) => signed.time)).toEqual([time, time]),
    );
  });
});

describe('fault 69: a torn last line', () => {
  const torn = '{"signatures":[{"key":"';
  const digest = digestOf(new TextEncoder().encode(torn));

  test('is passed over, moved aside and recorded by the next entry', async () => {
    const desk = await extractedDesk();
    appendFileSync(journal(desk), torn);
    expect((await readJob(desk.folder, desk.trust.rosters)).story.entries).toHaveLength(1);
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'alert']);
      expect(job.story.entries[1]?.signed.statement).toEqual({
        kind: 'repair',
        removedBytes: torn.length,
        removedDigest: digest,
      });
    });
    expect(readdirSync(desk.folder).filter((name) => name.includes('.torn-'))).toHaveLength(1);
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'alert', 'alert']);
    });
  });

  test('fault 67: is recorded also when the crash came between its removal and the record', async () => {
    const desk = await extractedDesk();
    const whole = readFileSync(journal(desk));
    appendFileSync(journal(desk), torn);
    await using(desk.open(), (job) => job.append(alert));
    truncateSync(journal(desk), whole.length); // neither repair nor alert reached the disk
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'alert']);
    });
  });

  test('fault 67: is recorded also when the crash came between its copy and its removal', async () => {
    const desk = await extractedDesk();
    appendFileSync(journal(desk), torn);
    await using(desk.open(), (job) => job.append(alert));
    const [aside] = readdirSync(desk.folder).filter((name) => name.includes('.torn-'));
    truncateSync(journal(desk), readFileSync(journal(desk)).indexOf('\n') + 1);
    appendFileSync(journal(desk), torn);
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'alert']);
    });
    expect(readdirSync(desk.folder).filter((name) => name.includes('.torn-'))).toEqual([aside]);
  });

  test('is recorded each time, also where the same bytes were torn before', async () => {
    const desk = await extractedDesk();
    for (const _time of ['once', 'again']) {
      appendFileSync(journal(desk), torn);
      await using(desk.open(), (job) => job.append(alert));
    }
    await using(desk.open(), (job) => expect(kinds(job)).toEqual(['extraction', 'repair', 'alert', 'repair', 'alert']));
  });

  test('is one of this journal only: other files beside it are none, whatever they are called', async () => {
    const desk = await extractedDesk();
    for (const name of ['other.jsonl.torn-0-0123456789abcdef', 'journal.jsonl.torn-0-0123', 'journal.jsonl.bak'])
      writeFileSync(join(desk.folder, name), torn);
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'alert']);
    });
  });

  test('fault 67: of the repair itself is recorded like any other', async () => {
    const desk = await extractedDesk();
    const whole = readFileSync(journal(desk));
    appendFileSync(journal(desk), torn);
    await using(desk.open(), (job) => job.append(alert));
    truncateSync(journal(desk), whole.length + 40);
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'repair', 'alert']);
    });
    const [first = '', next = ''] = readFileSync(journal(desk), 'utf8').split('\n');
    truncateSync(journal(desk), first.length + next.length + 2); // only one of the two repairs reached the disk
    await using(desk.open(), async (job) => {
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'repair', 'alert']);
    });
  });

  test('fault 66: that a full disk left while the job is open does not spoil the next entry', async () => {
    const desk = await extractedDesk();
    await using(desk.open(), async (job) => {
      appendFileSync(journal(desk), torn);
      await job.append(alert);
      expect(kinds(job)).toEqual(['extraction', 'repair', 'alert']);
      truncateSync(journal(desk), 10);
      await expect(job.append(alert)).rejects.toMatchObject({ code: 'E_CHAIN', place: { file: journal(desk) } });
    });
  });

  test.runIf(process.platform === 'linux')(
    'that is moved aside leaves the journal closed, and so does an entry',
    async () => {
      const desk = await extractedDesk();
      appendFileSync(journal(desk), torn);
      await using(desk.open(), (job) => job.append(alert));
      const open = readdirSync('/proc/self/fd').filter((name) => existsSync(`/proc/self/fd/${name}`));
      expect(open.map((name) => readlinkSync(`/proc/self/fd/${name}`))).not.toContain(journal(desk));
    },
  );
});

describe('fault 70: a journal behind a symlink', () => {
  /** Moves the journal away and leaves a link to it. */
  function linkedAway(desk: Desk): string {
    const elsewhere = join(folder(), 'journal.jsonl');
    renameSync(journal(desk), elsewhere);
    symlinkSync(elsewhere, journal(desk));
    return elsewhere;
  }

  test('is not written to', async () => {
    const desk = await extractedDesk();
    const elsewhere = linkedAway(desk);
    const { entries, wholeBytes } = await readJournalFile(elsewhere);
    const [entry] = entries;
    if (entry === undefined) throw new Error('no entry');
    expect(await asyncCodeOf(appendToJournalFile(journal(desk), entry, wholeBytes))).toBe('E_FILE');
    expect(readFileSync(elsewhere)).toHaveLength(wholeBytes);
  });

  test('is not cut', async () => {
    const desk = await extractedDesk();
    const elsewhere = linkedAway(desk);
    const { length } = readFileSync(elsewhere);
    // The link itself has the length of the path in it: more than no byte at all.
    expect(await asyncCodeOf(setTornTailAside(journal(desk), { entries: 0, wholeBytes: 0 }))).toBe('E_FILE');
    expect(readFileSync(elsewhere)).toHaveLength(length);
  });
});

describe('the ledger of a job', () => {
  test('fault 12: an extracted job can not begin again in another workspace, nor after its journal was removed', async () => {
    const desk = await extractedDesk();
    const elsewhere = { ...(await newDesk()), trust: desk.trust };
    const acting = { signer: alice(), now: () => at('09:00') };
    expect(await asyncCodeOf(Job.take(elsewhere.workspace, instructed(), desk.trust, acting))).toBe('E_REPLAY');
    rmSync(journal(desk));
    expect(await asyncCodeOf(desk.open())).toBe('E_REPLAY');
    expect(await asyncCodeOf(desk.take())).toBe('E_REPLAY');
  });

  test('fault 67: learns of an extraction that a crash kept from it', async () => {
    const desk = await extractedDesk();
    const trust = { rosters: desk.trust.rosters, ledger: new Ledger(folder()) };
    const job = await Job.open(desk.folder, trust, { signer: alice(), now: () => at('09:00') });
    await job.release();
    expect((await trust.ledger.find(instructed()))?.extraction).toBe(job.story.progress.extraction?.entry);
  });

  test.each(['abort', 'revocation'] as const)(
    'a job that ended by %s begins nowhere again, and is still purged',
    async (kind) => {
      const desk = await newDesk();
      await using(desk.take(), (job) =>
        job.append(kind === 'abort' ? { kind, reason: 'x' } : revocationOf(job.story, at('08:00'))),
      );
      const elsewhere = await newDesk();
      const acting = { signer: alice(), now: () => at('09:00') };
      expect(await asyncCodeOf(Job.take(elsewhere.workspace, second(), desk.trust, acting))).toBe('E_REPLAY');
      await using(desk.open(), (job) => job.append({ kind: 'purge', basis: 'ended', local: [], remote: [] }));
    },
  );
});

describe('a newer version of the instructions', () => {
  test('is taken up in the middle of a job', async () => {
    const desk = await extractedDesk();
    await using(desk.take(second()), (job) => job.append(approvalOf(job.story, at('08:00'))));
    await using(desk.open(), (job) => expect(job.instructions.signed.version).toBe(2));
    expect(verifyManifest(manifestOf(desk), pinnedRoster()).versions).toHaveLength(2);
    expect(await asyncCodeOf(desk.take())).toBe('E_ROLLBACK');
  });

  test('with another scope is refused after the extraction, and the job goes on under the version before', async () => {
    const desk = await extractedDesk();
    expect(await asyncCodeOf(desk.take(second({ datasets: [datasetNamed('patients')] })))).toBe('E_STATE');
    expect(existsSync(join(desk.folder, 'instructions.2.json'))).toBe(false);
    await using(desk.open(), (job) => expect(job.instructions.signed.version).toBe(1));
  });

  test('fault 12: an older one is refused by the workspace too, when the ledger was lost', async () => {
    const desk = await newDesk();
    await using(desk.take(second()), (job) => job.append(alert));
    const trust = { rosters: desk.trust.rosters, ledger: new Ledger(folder()) };
    const acting = { signer: alice(), now: () => at('09:00') };
    expect(await asyncCodeOf(Job.take(desk.workspace, instructed(), trust, acting))).toBe('E_ROLLBACK');
    expect(await asyncCodeOf(Job.take(desk.workspace, second({ note: 'other' }), trust, acting))).toBe('E_ROLLBACK');
  });

  test('fault 12: an older one that the workspace keeps beside a newer one is refused too', async () => {
    const desk = await newDesk();
    await using(desk.take(), (job) => job.append(alert));
    await using(desk.take(second()), (job) => job.append(alert));
    const trust = { rosters: desk.trust.rosters, ledger: new Ledger(folder()) };
    const taken = Job.take(desk.workspace, instructed(), trust, { signer: alice(), now: () => at('09:00') });
    await expect(taken).rejects.toMatchObject({
      code: 'E_ROLLBACK',
      message: 'version 1 of job parc-2026 is older than version 2, which the job has',
    });
  });

  test('comes after the others by its number, not by the name of its file', async () => {
    const place = folder();
    for (const number of [10, 2, 1]) writeFileSync(join(place, `instructions.${number}.json`), '');
    expect(await keptVersions(place)).toEqual([1, 2, 10]);
  });

  test('fault 12: is none where its file holds a version that the job has, also before anybody acted', async () => {
    const desk = await newDesk();
    await using(desk.take(), () => undefined);
    copyFileSync(join(desk.folder, 'instructions.1.json'), join(desk.folder, 'instructions.2.json'));
    await expect(desk.open()).rejects.toMatchObject({
      code: 'E_ROLLBACK',
      message: 'version 1 does not come after version 1',
    });
  });

  test('leaves out of the story those before it under which nobody acted', async () => {
    const desk = await newDesk();
    await using(desk.take(), () => undefined);
    await using(desk.take(second()), (job) => job.append(alert));
    const { story } = await readJob(desk.folder, desk.trust.rosters);
    expect(story.versions.map(({ signed }) => signed.version)).toEqual([2]);
  });

  test('fault 14: of another laboratory does not go on with the job of the same name', async () => {
    const desk = await newDesk();
    await using(desk.take(), (job) => job.append(alert));
    const roster = otherLaboratory();
    await desk.trust.rosters.pin(roster.document);
    const other = verifyInstructions(signDocument(instructionsMembers({ version: 2 }, roster), stranger()), roster);
    await expect(desk.take(other)).rejects.toMatchObject({
      code: 'E_LAB',
      message: "job parc-2026 in this workspace is another laboratory's",
    });
    await using(desk.open(), (job) => expect(job.instructions.signed.version).toBe(1));
  });

  test('under a roster that the laboratory has replaced is refused; a running job goes on', async () => {
    const desk = await extractedDesk();
    const next = rosterDocument({ version: 2, previous: pinnedRoster().digest });
    await desk.trust.rosters.pin(next);
    expect(await asyncCodeOf(desk.take(second()))).toBe('E_LAB');
    await using(desk.take(), (job) => job.append(alert));
    const roster = verifySuccessor(pinnedRoster(), next);
    const members = instructionsMembers({ version: 2 }, roster);
    const under = verifyInstructions(signDocument(members, director(), biologist()), roster);
    expect(await asyncCodeOf(desk.take(under))).toBe('E_LAB');
  });
});

describe('the manifest of a job', () => {
  test('fault 67: is completed when the job is opened after a crash', async () => {
    const desk = await extractedDesk();
    for (const damage of [
      () => rmSync(join(desk.folder, 'manifest.json')),
      () => writeFileSync(join(desk.folder, 'manifest.json'), '{'),
    ]) {
      damage();
      await using(desk.open(), () => undefined);
      expect(verifyManifest(manifestOf(desk), pinnedRoster()).entries).toHaveLength(1);
    }
  });

  test('fault 67: of a job that ended has caught up once ledger and manifest say so too', async () => {
    const desk = await extractedDesk();
    const caughtUp = async (ledger = desk.trust.ledger): Promise<boolean> =>
      isCaughtUp(await readJob(desk.folder, desk.trust.rosters), ledger);
    expect(await caughtUp()).toBe(false);
    await using(desk.open(), (job) => job.append({ kind: 'abort', reason: 'x' }));
    expect(await caughtUp()).toBe(true);
    expect(await caughtUp(new Ledger(folder()))).toBe(false);
    const manifest = readFileSync(join(desk.folder, 'manifest.json'));
    writeFileSync(join(desk.folder, 'manifest.json'), '{');
    expect(await caughtUp()).toBe(false);
    rmSync(join(desk.folder, 'manifest.json'));
    expect(await caughtUp()).toBe(false);
    writeFileSync(join(desk.folder, 'manifest.json'), manifest);
    expect(await caughtUp()).toBe(true);
  });

  test('is left alone when it is up to date', async () => {
    const desk = await extractedDesk();
    desk.setClock(at('10:00'));
    await using(desk.open(), () => undefined);
    expect(manifestOf(desk).checkpoint.signed.time).toBe(at('08:00'));
  });
});
