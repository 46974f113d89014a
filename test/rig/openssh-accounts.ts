/** Unix users for a test server, in copies of the machine's account files. */

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RigAccount } from './rig.ts';

const FIRST_ID = 61_700;
/** The operators' common group. */
export const OPERATORS = { name: 'rig-operators', id: FIRST_ID } as const;
const RECIPIENTS = { name: 'rig-recipients', id: FIRST_ID + 1 } as const;

/** The account's numeric user id. */
export function idOf(accounts: readonly RigAccount[], name: string): number {
  const index = accounts.findIndex((account) => account.name === name);
  if (index === -1) throw new Error(`the test server has no account ${name}`);
  return FIRST_ID + 10 + index;
}

/** Writes `<base>/etc` with copies of the account files that know these accounts as well. */
export async function writeAccountFiles(base: string, accounts: readonly RigAccount[], shell: string): Promise<void> {
  const copy = async (file: string, lines: readonly string[], mode: number): Promise<void> => {
    const text = await readFile(`/etc/${file}`, 'utf8');
    await writeFile(join(base, 'etc', file), `${text.trimEnd()}\n${lines.join('\n')}\n`, { mode });
  };
  const groupOf = (account: RigAccount): number => (account.role === 'operator' ? OPERATORS : RECIPIENTS).id;
  const passwd = accounts.map(
    (a) => `${a.name}:x:${idOf(accounts, a.name)}:${groupOf(a)}::${base}/home/${a.name}:${shell}`,
  );
  await mkdir(join(base, 'etc'));
  await copy('passwd', passwd, 0o644);
  await copy(
    'group',
    [OPERATORS, RECIPIENTS].map(({ name, id }) => `${name}:x:${id}:`),
    0o644,
  );
  // `*`: no password fits. With `!` the account would count as locked and no key either.
  await copy(
    'shadow',
    accounts.map(({ name }) => `${name}:*:20000:0:99999:7:::`),
    0o600,
  );
}

/** Writes `<base>/home/<name>/authorized_keys`. */
export async function writeHomes(base: string, accounts: readonly RigAccount[], restriction: string): Promise<void> {
  await mkdir(join(base, 'home'));
  for (const { name, publicKey } of accounts) {
    // StrictModes looks at all folders between the key file and the home.
    await mkdir(join(base, 'home', name));
    await chmod(join(base, 'home', name), 0o755);
    await writeFile(join(base, 'home', name, 'authorized_keys'), `${restriction}${publicKey}\n`, { mode: 0o644 });
  }
}
