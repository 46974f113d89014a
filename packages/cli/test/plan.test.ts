import { describe, expect, it } from 'vitest';
import { draft, newMigration, otherLab } from './migration.ts';

describe('F20: migrate plan', () => {
  it('reads a draft or signed instructions, and prints what its schema says', async () => {
    const machine = await newMigration();
    await draft(machine);
    const { data, text } = await machine.migrate('plan', 'lab.json', '--lab', 'lab.roster.json', '--lang', 'fr');
    expect(data.steps.map(({ step }: { step: string }) => step).slice(0, 3)).toEqual(['trust', 'sign', 'extract']);
    expect(text).toContain('qui\u00a0: éditeur\u00a0: Alice Martin');
    expect(text.split('\n').filter((line) => line.length > 80 && !line.includes('$ migrate'))).toEqual([]);
  });

  it('is made under the roster of the laboratory that the instructions name, and no other', async () => {
    const machine = await newMigration();
    await draft(machine);
    await expect(machine.migrate('plan', 'lab.json')).rejects.toMatchObject({ code: 'E_TRUST' });
    await otherLab(machine);
    await expect(machine.migrate('plan', 'lab.json', '--lab', 'other/lab.roster.json')).rejects.toMatchObject({
      code: 'E_LAB',
    });
  });
});
