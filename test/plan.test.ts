/** `migrate plan`: each command that it prints is one, and whoever follows it has a migration, from the roster to the verified manifest. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Actor } from '@sealift/demo/actor';
import { rosterFingerprintOf } from '@sealift/demo/cast';
import type { PlanAction, PlannedStep } from '@sealift/report';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommandLine } from '../packages/cli/src/command-line.ts';
import { COMMANDS } from '../packages/cli/src/command-table.ts';
import { makeDump } from './rig/dump.ts';
import { startEmbedded } from './rig/embedded.ts';
import { Migration } from './rig/migration.ts';

const JOB = 'port-2026';
const ROWS = new Map([
  ['patients', '280'],
  ['results', '560'],
]);

interface Plan {
  readonly steps: readonly (PlannedStep & { readonly title: string; readonly recorded: string })[];
}

let migration: Migration;
let plan: Plan;

beforeAll(async () => {
  const members = { gates: { delivery: ['approval'], purge: ['receipt', 'import', 'validation'] } };
  migration = await Migration.start({ job: JOB, start: startEmbedded, members });
  await makeDump(migration.cast.vendor.folder, '--patients', '300', '--before', '20');
  const shown = await migration.cast.lab.migrate(['plan', 'lab.json', '--lab', 'lab.roster.json', '--json']);
  expect(shown.exitCode, shown.stderr).toBe(0);
  plan = JSON.parse(shown.stdout) as Plan;
}, 60_000);

afterAll(async () => {
  await migration?.stop();
});

/** The words after `migrate`, a number in the place of each `…`. */
function typed({ command }: Extract<PlanAction, { command: readonly string[] }>): string[] {
  return command
    .slice(1)
    .map((word) => word.replace(/^(.*)=…$/, (_, dataset: string) => `${dataset}=${ROWS.get(dataset) ?? '?'}`));
}

const commands = () => plan.steps.flatMap(({ actions }) => actions.filter((action) => 'command' in action));

describe('F20: the plan of a job', () => {
  it('prints no command that migrate does not know', () => {
    for (const action of commands()) {
      const request = readCommandLine(COMMANDS, typed(action), { MIGRATE_IDENTITY: 'own.key.json' });
      expect(request.kind, action.command.join(' ')).toBe('run');
    }
    expect(commands().length).toBeGreaterThanOrEqual(14);
  });

  it.each(['fr', 'en'])('prints each of them on a line of its own, in %s', async (language) => {
    const words = ['plan', 'lab.json', '--lab', 'lab.roster.json', '--lang', language];
    const { stdout } = await migration.cast.lab.migrate(words);
    for (const { command } of commands()) expect(stdout).toContain(`$ ${command.join(' ')}    # `);
    for (const { title } of language === 'en' ? plan.steps : []) expect(stdout).toContain(title);
  });

  it('names persons and services in their roles, and the dates of the instructions', () => {
    const step = (name: string) => plan.steps.find((found) => found.step === name);
    expect(step('extract')).toMatchObject({ role: 'vendor', who: ['Jean Petit'] });
    expect(step('purge')).toMatchObject({ role: 'vendor', who: ['purge service'], until: expect.any(String) });
    expect(step('receive')).toMatchObject({ role: 'recipient', who: ['Novalis SIL'] });
    expect(step('approve')).toMatchObject({ role: 'lab', who: ['Dr Claire Moreau'] });
  });

  it('leaves out what the instructions do not ask for', async () => {
    const { lab } = migration.cast;
    const outline = JSON.parse(await readFile(lab.path('outline.json'), 'utf8')) as object;
    const gates = { delivery: [], purge: ['receipt'] };
    await writeFile(lab.path('short.json'), JSON.stringify({ ...outline, job: 'port-short', gates }));
    await lab.migrate(['instructions', 'draft', 'short.json', '--lab', 'lab.roster.json', '-o', 'short-lab.json']);
    const shown = await lab.migrate(['plan', 'short-lab.json', '--lab', 'lab.roster.json', '--json']);
    const { steps } = JSON.parse(shown.stdout) as Plan;
    expect(steps.map(({ step }) => step)).not.toContain('approve');
    expect(steps.map(({ step }) => step)).not.toContain('validate');
    expect(steps.find(({ step }) => step === 'import')).not.toHaveProperty('until');
  });

  it('is the procedure of doc/procedure.md: the same steps with the same commands, and the same is recorded', async () => {
    const text = await readFile(join(import.meta.dirname, '../doc/procedure.md'), 'utf8');
    const rows = text.split('\n').flatMap((line) => {
      const cells = line.split('|').map((cell) => cell.trim());
      const [, number = '', title = '', , commands = '', recorded = ''] = cells;
      return /^\d+$/.test(number) ? [{ title, commands, recorded }] : [];
    });
    // What comes before there are instructions has no place in their plan.
    const titles = rows.map(({ title }) => title);
    const first = titles.indexOf('compare fingerprints');
    const expected = titles.slice(first).filter((title) => !title.startsWith('draft the instructions'));
    expect(plan.steps.map(({ title }) => title)).toEqual(expected);
    for (const { title, actions, recorded } of plan.steps) {
      const row = rows.find((found) => found.title === title);
      expect(row?.recorded, title).toContain(recorded);
      for (const action of actions) {
        if (!('command' in action)) continue;
        const name = COMMANDS.map((command) => command.name).find((known) =>
          action.command.slice(1).join(' ').startsWith(known),
        );
        expect(row?.commands, title).toContain(`migrate ${name ?? '?'}`);
      }
    }
  });

  it('leads through the whole migration, when it is followed to the letter', async () => {
    const fingerprint = await rosterFingerprintOf(migration.cast.lab);
    for (const { actions } of plan.steps) for (const action of actions) await follow(action, fingerprint);
    const verified = await migration.cast.lab.migrate(['verify', 'manifest.json', '--json']);
    expect(JSON.parse(verified.stdout)).toMatchObject({ state: 'purged', outcome: 'complete' });
  }, 120_000);
});

const KEYS = { lab: 'lab', vendor: 'jean', recipient: 'novalis' } as const;
type Role = keyof typeof KEYS;

async function follow(action: PlanAction, fingerprint: string): Promise<void> {
  const { cast } = migration;
  const roles: readonly Role[] = action.role === 'everyone' ? ['lab', 'vendor', 'recipient'] : [action.role];
  for (const role of roles) {
    if ('command' in action) await type(cast[role], role, typed(action), fingerprint);
    else
      for (const to of action.to) {
        if (to !== 'everyone') await copyFile(cast[role].path(action.file), cast[to].path(basename(action.file)));
      }
  }
}

/** What the person adds: whose identity it is, which SSH key, and what was heard on the phone. */
async function type(actor: Actor, role: Role, words: readonly string[], fingerprint: string): Promise<void> {
  const key = words[0] === 'purge' ? 'purge' : KEYS[role];
  const options = COMMANDS.find(({ name }) => words.join(' ').startsWith(name))?.options ?? [];
  const ssh = options.some(({ flag }) => flag === '--ssh-key') ? ['--ssh-key', `${key}.ssh`] : [];
  const heard = words[0] === 'trust' ? ['--fingerprint', fingerprint] : [];
  const result = await actor.migrate([...words, ...ssh, ...heard], { env: { MIGRATE_IDENTITY: `${key}.key.json` } });
  expect(result.exitCode, `${words.join(' ')}\n${result.stderr}`).toBe(0);
}
