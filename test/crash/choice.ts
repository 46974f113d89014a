/** Which crash points are tried. */
import type { CrashPoint, Operation } from './operation.ts';
import type { Choice } from './report.ts';

/** Operations that change nothing on a disk: a kill before one is a kill before the next that does. */
const LOOKS: ReadonlySet<string> = new Set(['open', 'read', 'readFile', 'readdir', 'lstat', 'stat', 'close', 'access']);
const NETWORK: ReadonlySet<string> = new Set(['send', 'arrive', 'connect']);
/** Of the many operations on the network one in so many. */
const STRIDE = 197;
/** How many of the places that an operation comes from tell it from others, innermost first. */
const PLACES = 2;
/** The step in which what only looks fails as well: the shortest. */
const LOOKING = 'trust';
/** The steps in which every change of journal, manifest and ledger is met by a kill, wherever it was met before. */
const JOURNALLED: ReadonlySet<string> = new Set(['accept', 'purge']);
const RECORD = /\/(?:journal\.jsonl|\.?manifest\.json[^/]*|ledger\/.*)$/;

/**
 * A sample for the time that the tests have: every place of the program that changes a file, once in all steps together, with a kill,
 * with a write torn by a kill, and with an error; in two steps every change of what the job remembers; and a stride over the network.
 */
export function sample(): Choice {
  const known = new Set<string>();
  const isNew = (operation: Operation, how: string): boolean => {
    const key = [how, operation.name, ...operation.site.split(' < ').slice(0, PLACES)].join(' ');
    return !known.has(key) && known.add(key).size > 0;
  };
  const isChange = ({ operation, fault }: CrashPoint, turn: number): boolean => {
    if (fault === 'kill' || fault === 'torn') return isNew(operation, fault);
    // Of the errors that an operation can meet one, each in its turn.
    const errors = operation.faults.filter((candidate) => candidate !== 'kill' && candidate !== 'torn');
    return fault === errors[turn % errors.length] && isNew(operation, 'error');
  };
  return (points, step) =>
    points.filter((point, index) => {
      if (index === points.length - 1) return true;
      if (NETWORK.has(point.operation.name)) return index % STRIDE === 0;
      if (LOOKS.has(point.operation.name)) return step === LOOKING && point.fault === 'eio';
      return isChange(point, index) || isOfRecord(point, step);
    });
}

function isOfRecord({ operation, fault }: CrashPoint, step: string): boolean {
  return fault === 'kill' && JOURNALLED.has(step) && RECORD.test(operation.subject);
}

/** Every operation with every fault that it can meet. */
export const everything: Choice = (points) => points;

/** One crash point, also one that no run without a fault reaches. */
export function named(name: string): Choice {
  const [thread, number, fault] = name.split(':');
  const isIt = ({ operation }: CrashPoint): boolean =>
    String(operation.thread) === thread && String(operation.number) === number;
  return (points) =>
    (['kill', 'torn', 'eio', 'enospc', 'short', 'cut'] as const)
      .filter((known) => known === fault)
      .flatMap((known) => {
        const like = points.find(isIt) ?? points[0];
        if (like === undefined) return [];
        const operation = { ...like.operation, thread: Number(thread), number: Number(number) };
        return [{ operation, fault: known }];
      });
}
