/** What is in deploy/ is what these commands understand. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertHooksFile } from '@sealift/core/node/attention';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../packages/cli/src/command-line.ts';
import { COMMANDS } from '../packages/cli/src/command-table.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, '..', 'deploy', name), 'utf8');
const SERVICE = read('sealift-purge.service');
const assignments = (text: string): Record<string, string> =>
  Object.fromEntries([...text.matchAll(/^([A-Z_]+)=(.+)$/gm)].map(([, name = '', value = '']) => [name, value]));

describe('deploy', () => {
  it('the service and cron find alerts.json where README.md puts it', () => {
    const environments = [assignments(read('purge.env.example')), assignments(read('sealift.cron'))];
    const folders = environments.map((environment) => alertHooksFile(environment));
    expect(folders).toEqual(['/etc/sealift/alerts.json', '/etc/sealift/alerts.json']);
    expect(read('README.md')).toContain(folders[0]);
  });

  const commands = [
    ['the service', /^ExecStart=\S+\/migrate (.+)$/gm, SERVICE, assignments(read('purge.env.example'))],
    ['cron', /^[\d* ]+ sealift \S+\/migrate (.+?) >/gm, read('sealift.cron'), assignments(read('sealift.cron'))],
  ] as const;

  it.each(commands)('F24 every command of %s is one that migrate understands', (_, pattern, text, environment) => {
    const lines = [...text.matchAll(pattern)].map(([, words = '']) => words);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(readCommandLine(COMMANDS, line.split(' '), environment)).toMatchObject({ kind: 'run' });
    }
    expect(readCommandLine(COMMANDS, lines[0]?.split(' ') ?? [], environment)).toMatchObject({
      command: { name: 'purge' },
    });
  });

  it('the service hands passphrases over as credentials, never in its environment', () => {
    expect(SERVICE).toMatch(/^Environment=MIGRATE_PASSPHRASE_FILE=%d\/passphrase /m);
    for (const [, name] of SERVICE.matchAll(/=%d\/(\S+)/g)) expect(SERVICE).toContain(`LoadCredential=${name}:`);
  });

  const analyze = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!analyze)('systemd-analyze, where it is to be had, finds nothing wrong with the units', () => {
    const folder = join(import.meta.dirname, '..', 'deploy');
    const units = ['sealift-purge.service', 'sealift-purge.timer'].map((name) => join(folder, name));
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8' });
    const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('sealift'));
    // The program is not installed where the tests run.
    expect(about.filter((line) => !line.includes('is not executable'))).toEqual([]);
  });
});
