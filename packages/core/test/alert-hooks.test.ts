import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { alertHooksFile, readAlertHooks } from '../src/node/alert-hooks.ts';
import { temporaryFolders } from './folder.ts';
import { asyncCodeOf } from './refusal.ts';

const folder = temporaryFolders();

describe('the file of alert hooks', () => {
  afterEach(() => void vi.unstubAllGlobals());

  test('lies in the configuration of the user', () => {
    expect(alertHooksFile({ XDG_CONFIG_HOME: '/etc' })).toBe('/etc/sealift/alerts.json');
    const home = join(homedir(), '.config', 'sealift', 'alerts.json');
    for (const env of [{}, { XDG_CONFIG_HOME: 'relative' }, { APPDATA: '/roaming' }])
      expect(alertHooksFile(env)).toBe(home);
  });

  test('lies in the roaming profile on Windows', () => {
    vi.stubGlobal('process', { ...process, platform: 'win32' });
    expect(alertHooksFile({ APPDATA: '/roaming' })).toBe(join('/roaming', 'sealift', 'alerts.json'));
    expect(alertHooksFile({})).toBe(join(homedir(), '.config', 'sealift', 'alerts.json'));
  });
});

describe('alert hooks', () => {
  let path = '';
  beforeEach(() => {
    path = join(folder(), 'alerts.json');
  });
  const write = (text: string): void => writeFileSync(path, text, { mode: 0o600 });

  test('are none where there is no file', async () => {
    expect(await readAlertHooks(path)).toBeUndefined();
  });

  test.each([
    { command: ['/usr/bin/page', '--team', 'transfers'] },
    { webhook: 'https://hooks.example/T0/B0?token=x' },
    { command: ['page'], webhook: 'http://127.0.0.1:8080/alert' },
    { webhook: 'http://[::1]/alert' },
    { webhook: 'http://localhost/' },
  ])('are read as they are written: %j', async (hooks) => {
    write(JSON.stringify(hooks));
    expect(await readAlertHooks(path)).toEqual(hooks);
  });

  test.each([
    {},
    { command: [] },
    { command: [''] },
    { command: 'page me' },
    { webhook: 'http://hooks.example/T0' },
    { webhook: 'http://localhost.example/T0' },
    { webhook: 'http://127.0.0.1.example/T0' },
    { webhook: 'ftp://hooks.example/T0' },
    { webhook: 'https://' },
    { webhook: 'https://hooks.example/T0', retries: 3 },
  ])('of another form are refused, without what the file holds: %j', async (hooks) => {
    write(JSON.stringify(hooks));
    const refused: unknown = await readAlertHooks(path).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'E_SCHEMA', place: { file: path } });
    expect(String(refused)).not.toContain('T0');
  });

  test('that others may read, or behind a link, are refused', async () => {
    write('{"command":["page"]}');
    chmodSync(path, 0o644);
    expect(await asyncCodeOf(readAlertHooks(path))).toBe('E_PERM');
    chmodSync(path, 0o600);
    const link = join(folder(), 'alerts.json');
    symlinkSync(path, link);
    expect(await asyncCodeOf(readAlertHooks(link))).toBe('E_PERM');
  });
});
