/** How long the command takes to start. */
import { type Comparison, compareTimes, medians } from './comparison.ts';
import { MIGRATE, runProgram } from './program.ts';

/** `migrate --help` against the shortest that Node can do. */
export async function compareStart(rounds: number): Promise<Comparison> {
  const time = async (args: readonly string[]): Promise<number> =>
    (await runProgram(process.execPath, args)).milliseconds;
  const times = await medians(
    [
      { name: 'ours', run: () => time([MIGRATE, '--help']) },
      { name: 'theirs', run: () => time(['-e', '0']) },
    ],
    rounds,
  );
  return compareTimes('start', 'node -e 0', times.get('ours') ?? Number.NaN, times.get('theirs') ?? Number.NaN);
}
