import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createIdentity } from '../src/identity.ts';
import { lookAt, namesIn, readBounded, syncFolder } from '../src/node/file.ts';
import { fileError } from '../src/node/file-error.ts';
import { createIdentityFile, readIdentityFile, requirePrivateFile } from '../src/node/identity-file.ts';
import { makePrivateFolder, stateFolder } from '../src/node/state-folder.ts';
import { createFile, replaceFile, sweepTemporaries, TemporaryFile } from '../src/node/temporary-file.ts';
import { readableDocument } from '../src/readable-document.ts';
import { unlockIdentity } from '../src/secret-identity.ts';
import { digestOf } from '../src/sha256.ts';
import { ready } from '../src/sodium.ts';
import { refusingOnce } from './failing-call.ts';
import { temporaryFolders } from './folder.ts';
import { rosterDocument } from './laboratory.ts';
import { CREATED } from './people.ts';
import { asyncCodeOf } from './refusal.ts';

beforeAll(ready);

const folder = temporaryFolders();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (path: string): string => readFileSync(path, 'utf8');
const hasPermissions = process.platform !== 'win32';

describe('a temporary file', () => {
  test('is seen under its name only once it is published, whole, closed to others and with its digest', async () => {
    const target = join(folder(), 'a.sealed');
    const file = await TemporaryFile.create(target);
    await file.write(bytes('one '));
    await file.write(bytes('two'));
    await file.settle();
    expect(existsSync(target)).toBe(false);
    await file.publish('exclusive');
    expect([text(target), file.bytes, file.digest()]).toEqual(['one two', 7, digestOf(bytes('one two'))]);
    if (hasPermissions) expect(statSync(target).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(target, '..'))).toEqual(['a.sealed']);
  });

  test('is brought to the disk while more of it is written, and tells what the disk said then', async () => {
    const place = folder();
    const file = await TemporaryFile.create(join(place, 'a'), 0o600, false);
    await file.write(bytes('x'));
    file.grew(64 << 20);
    file.grew(64 << 20);
    await file.settle();
    await file.publish('exclusive');
    const failing = await TemporaryFile.create(join(place, 'b'), 0o600, false);
    await failing.write(bytes('x'));
    // What is closed can't be synchronised.
    closeSync(failing.descriptor);
    failing.grew(64 << 20);
    expect(await asyncCodeOf(failing.settle())).toBe('E_FILE');
    await failing.discard();
    expect(readdirSync(place)).toEqual(['a']);
  });

  test('that is discarded leaves nothing, before and after it was settled, and again', async () => {
    const place = folder();
    for (const settle of [true, false]) {
      const file = await TemporaryFile.create(join(place, 'a'));
      await file.write(bytes('x'));
      if (settle) await file.settle();
      await file.discard();
      await file.discard();
    }
    expect(readdirSync(place)).toEqual([]);
  });

  test('fault 55: never takes a name that is taken, and leaves nothing behind', async () => {
    const place = folder();
    writeFileSync(join(place, 'a'), 'former');
    expect(await asyncCodeOf(createFile(join(place, 'a'), bytes('new')))).toBe('E_EXISTS');
    expect([text(join(place, 'a')), readdirSync(place)]).toEqual(['former', ['a']]);
  });

  test('fault 70: is not written through a symlink that was planted under its name', async () => {
    const place = folder();
    writeFileSync(join(place, 'victim'), 'untouched');
    symlinkSync(join(place, 'victim'), join(place, 'a'));
    symlinkSync(join(place, 'nothing'), join(place, 'b'));
    for (const name of ['a', 'b'])
      expect(await asyncCodeOf(createFile(join(place, name), bytes('x')))).toBe('E_EXISTS');
    await replaceFile(join(place, 'a'), bytes('new'));
    expect([text(join(place, 'victim')), text(join(place, 'a'))]).toEqual(['untouched', 'new']);
    expect((await lookAt(join(place, 'a')))?.isSymbolicLink()).toBe(false);
    expect(existsSync(join(place, 'nothing'))).toBe(false);
  });

  test('of many that want one name exactly one gets it, whole', async () => {
    const target = join(folder(), 'a');
    const codes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => createFile(target, bytes(`${at}`.repeat(1000)))),
    );
    expect(codes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(text(target)).toHaveLength(codes.findIndex(({ status }) => status === 'fulfilled') < 10 ? 1000 : 2000);
    expect(readdirSync(join(target, '..'))).toEqual(['a']);
  });

  test('in a folder that is not there is refused, and the folder is named', async () => {
    const missing = join(folder(), 'missing');
    await expect(createFile(join(missing, 'a'), bytes('x'))).rejects.toMatchObject({
      code: 'E_NOT_FOUND',
      message: `there is no ${missing}`,
    });
  });

  test('fault 62: whose name can not be made to last gets none: a failed command leaves no file', async () => {
    const target = join(folder(), 'a');
    const failed = refusingOnce('unlink', 'EIO', () => createFile(target, bytes('x')));
    await expect(failed).rejects.toMatchObject({ code: 'E_FILE', message: `writing ${target} failed (EIO)` });
    expect(readdirSync(join(target, '..'))).toEqual([]);
    await createFile(target, bytes('x'));
    expect(text(target)).toBe('x');
  });

  test('fault 67: of a process that was killed is removed by the next that writes the same name', async () => {
    const place = folder();
    const { pid } = spawnSync(process.execPath, ['--version']);
    const leftover = (name: string): string => `.${name}.tmp-${pid.toString(16).padStart(6, '0')}000001abcdef`;
    for (const name of [leftover('a'), leftover('b'), leftover('a.json')]) writeFileSync(join(place, name), 'x');
    const living = await TemporaryFile.create(join(place, 'a'));
    await createFile(join(place, 'a'), bytes('new'));
    const others = readdirSync(place).filter((name) => name.startsWith('.'));
    expect(others).toHaveLength(3);
    expect(others).toEqual(expect.arrayContaining([leftover('b'), leftover('a.json')]));
    await living.discard();
  });

  test('left by a crash is swept, other files are not', async () => {
    const place = folder();
    writeFileSync(join(place, '.a.sealed.tmp-0123456789abcdef01'), 'x');
    writeFileSync(join(place, 'a.tmp-0123456789ab'), 'x');
    expect([await sweepTemporaries(place), readdirSync(place)]).toEqual([1, ['a.tmp-0123456789ab']]);
    expect(await sweepTemporaries(join(place, 'missing'))).toBe(0);
  });

  test.runIf(process.platform === 'linux')('fault 66: a full disk is named with the next step', async () => {
    const full = readFullDevice();
    expect(full).toMatchObject({ code: 'E_FILE', message: 'writing x failed (ENOSPC)' });
    expect(full.hint).toContain('make room');
  });
});

/** What the system says of a write to a full device. */
function readFullDevice() {
  try {
    writeFileSync('/dev/full', 'x');
  } catch (cause) {
    return fileError(cause, 'writing', 'x');
  }
  throw new Error('/dev/full took a byte');
}

describe('looking', () => {
  test('sees nothing where nothing is, and says so where it can not look', async () => {
    const place = folder();
    writeFileSync(join(place, 'a'), '');
    expect(await lookAt(join(place, 'b'))).toBeUndefined();
    await expect(lookAt(join(place, 'a', 'b'))).rejects.toMatchObject({
      code: 'E_FILE',
      hint: 'a part of the path is a file, not a folder',
    });
  });

  test('a folder that is gone can not be forced to the disk', async () => {
    const place = folder();
    await syncFolder(place);
    expect(await asyncCodeOf(syncFolder(join(place, 'missing')))).toBe('E_NOT_FOUND');
  });
});

describe('reading', () => {
  test('fault 7: stops at the limit, also where a size can not be asked for', async () => {
    const path = join(folder(), 'a');
    writeFileSync(path, '12345');
    expect(await readBounded(path, 5)).toEqual(bytes('12345'));
    expect(await asyncCodeOf(readBounded(path, 4))).toBe('E_LIMIT');
    if (process.platform === 'linux') expect(await asyncCodeOf(readBounded('/dev/zero', 1 << 20))).toBe('E_LIMIT');
  });

  test('what is missing or a folder is refused', async () => {
    const place = folder();
    expect(await asyncCodeOf(readBounded(join(place, 'a'), 5))).toBe('E_NOT_FOUND');
    expect(await asyncCodeOf(readBounded(place, 5))).toBe('E_FILE');
  });

  test('a folder that can not be read is not taken for an empty one', async () => {
    const place = folder();
    writeFileSync(join(place, 'a'), '');
    expect(await namesIn(place)).toEqual(['a']);
    expect(await namesIn(join(place, 'missing'))).toEqual([]);
    expect(await asyncCodeOf(namesIn(join(place, 'a')))).toBe('E_FILE');
  });
});

describe('an identity file', () => {
  test('is closed to others, opens again, and is never overwritten', async () => {
    const path = join(folder(), 'me.key.json');
    const identity = createIdentity('Alice', CREATED);
    await createIdentityFile(path, identity, undefined);
    if (hasPermissions) expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = text(path);
    await expect(createIdentityFile(path, createIdentity('Bruno', CREATED), undefined)).rejects.toMatchObject({
      code: 'E_EXISTS',
      message: `${path} exists already, and an identity is never overwritten`,
    });
    expect(text(path)).toBe(before);
    const secret = await unlockIdentity(await readIdentityFile(path), undefined);
    expect(secret.fingerprint).toBe(identity.secret.fingerprint);
  });

  test.runIf(hasPermissions)('fault 24: open to others, behind a symlink or missing is refused', async () => {
    const place = folder();
    const path = join(place, 'me.key.json');
    await createIdentityFile(path, createIdentity('Alice', CREATED), undefined);
    symlinkSync(path, join(place, 'link'));
    mkdirSync(join(place, 'folder'), { mode: 0o700 });
    for (const name of ['link', 'folder'])
      await expect(readIdentityFile(join(place, name))).rejects.toMatchObject({
        code: 'E_PERM',
        message: `${join(place, name)} is not a regular file`,
      });
    for (const mode of ['644', '640', '604', '610']) {
      spawnSync('chmod', [mode, path]);
      expect(await asyncCodeOf(readIdentityFile(path))).toBe('E_PERM');
    }
    expect(await asyncCodeOf(readIdentityFile(join(place, 'missing')))).toBe('E_NOT_FOUND');
  });
});

test.runIf(hasPermissions)('fault 24: a file that holds a secret is regular and closed to others', async () => {
  const path = join(folder(), 'passphrase');
  await createFile(path, bytes('x'));
  await requirePrivateFile(path);
  symlinkSync(path, `${path}.link`);
  expect(await asyncCodeOf(requirePrivateFile(`${path}.link`))).toBe('E_PERM');
  expect(await asyncCodeOf(requirePrivateFile(`${path}.missing`))).toBe('E_NOT_FOUND');
  spawnSync('chmod', ['640', path]);
  expect(await asyncCodeOf(requirePrivateFile(path))).toBe('E_PERM');
});

test('fault 22: a public identity in the place of a secret one is told as such, whoever may read it', async () => {
  const place = folder();
  const path = join(place, 'alice.json');
  const { secret } = createIdentity('Alice', CREATED);
  for (const mode of [0o644, 0o600]) {
    await replaceFile(path, readableDocument(secret.identity.document), mode);
    await expect(readIdentityFile(path)).rejects.toMatchObject({
      code: 'E_KEY',
      message: `${path} is a public identity, and only the secret one signs and opens`,
    });
  }
  await replaceFile(path, readableDocument(rosterDocument()), 0o644);
  expect(await asyncCodeOf(readIdentityFile(path))).toBe('E_SCHEMA');
});

describe('the state folder', () => {
  test('is where XDG says, and a relative value is ignored', () => {
    expect(stateFolder({ XDG_STATE_HOME: '/state' })).toBe(join('/state', 'sealift'));
    for (const XDG_STATE_HOME of [undefined, '', 'state', './state']) {
      expect(stateFolder({ XDG_STATE_HOME })).toMatch(/sealift$/);
      expect(stateFolder({ XDG_STATE_HOME })).not.toContain('./state/sealift/');
      expect(stateFolder({ XDG_STATE_HOME }).startsWith('state')).toBe(false);
    }
  });

  test.runIf(hasPermissions)('is made so that only this user may enter', async () => {
    const place = join(folder(), 'a', 'b');
    await makePrivateFolder(place);
    await makePrivateFolder(place);
    expect(statSync(place).mode & 0o777).toBe(0o700);
    mkdirSync(join(place, 'c'));
    writeFileSync(join(place, 'd'), '');
    expect(await asyncCodeOf(makePrivateFolder(join(place, 'd', 'e')))).toBe('E_FILE');
  });
});
