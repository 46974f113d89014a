import { describe, expect, it } from 'vitest';
import { shownProgress } from '../src/progress.ts';

/** A progress with a clock that the test turns, and the lines that it showed. */
function started(total?: number, columns = 120, from?: number, task = 'patients') {
  const shown: string[] = [];
  let now = 0;
  const progress = shownProgress({
    task,
    total,
    from,
    columns,
    show: (text) => shown.push(text),
    clock: () => now,
  });
  return {
    shown,
    progress,
    at: (milliseconds: number) => {
      now = milliseconds;
    },
  };
}

describe('progress', () => {
  it('shows share, bytes, rows, rate and the time left', () => {
    const { shown, progress, at } = started(66_000_000);
    at(1000);
    progress.update({ bytes: 16_500_000, rows: 32_000 });
    expect(shown).toEqual(['patients  [#####...............]  25 %  16.5 MB  32000 rows  16.5 MB/s  0:03 left']);
  });

  it.each([
    ['patients', 'patients  [###...........]  25 %  450.0 MB  1234567 rows  450.0 MB/s  0:03 left'],
    ['prescriptions', 'prescriptions  [##.......]  25 %  450.0 MB  1234567 rows  450.0 MB/s  0:03 left'],
    ['prescriptions-of-2024', 'prescriptions-of-2024   25 %  450.0 MB  1234567 rows  450.0 MB/s  0:03 left'],
  ])('narrows the bar of %s, so that the time left is seen in 80 columns', (task, line) => {
    const { shown, progress, at } = started(1_800_000_000, 80, undefined, task);
    at(1000);
    progress.update({ bytes: 450_000_000, rows: 1_234_567 });
    expect(shown).toEqual([line]);
    expect(line.length).toBeLessThan(80);
  });

  it('shows neither share nor time left of a pipe, whose length nobody knows', () => {
    const { shown, progress, at } = started();
    at(2000);
    progress.update({ bytes: 900 });
    expect(shown).toEqual(['patients  900 B  450 B/s']);
  });

  it('takes what a former run did for done, not for fast', () => {
    const { shown, progress, at } = started(60_000_000, 120, 30_000_000);
    at(1000);
    progress.update({ bytes: 45_000_000 });
    expect(shown).toEqual(['patients  [###############.....]  75 %  45.0 MB  15.0 MB/s  0:01 left']);
  });

  it('shows at most ten lines a second, and takes the last one away', () => {
    const { shown, progress, at } = started(1000);
    for (let now = 0; now <= 1000; now += 5) {
      at(now);
      progress.update({ bytes: now });
    }
    progress.end();
    expect(shown).toHaveLength(12);
    expect(shown.at(-1)).toBe('');
  });

  it('never fills the last column of the terminal', () => {
    const { shown, progress, at } = started(5_000_000_000, 40);
    at(100);
    progress.update({ bytes: 1_234_567 });
    expect(shown[0]?.length).toBe(39);
  });

  it('goes in hours for a long task', () => {
    const { shown, progress, at } = started(10_000_000);
    at(1000);
    progress.update({ bytes: 1000 });
    expect(shown[0]).toContain('2:46:39 left');
  });
});
