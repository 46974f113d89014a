/** The summary in English: the paragraphs that somebody reads who reads nothing else. */
import { english } from '../language/english.ts';
import type { SummaryFacts } from './summary.ts';

const { text: en, list, count, day, size, country } = english;

/** The paragraphs. */
export function englishSummary(facts: SummaryFacts): string[] {
  return [asked(facts), left(facts), went(facts), acknowledged(facts), deleted(facts), refused(facts)].filter(
    (text) => text !== '',
  );
}

function asked({ lab, source, datasets, fields, signed }: SummaryFacts): string {
  return en`On ${day(signed.time)}, ${lab} signed what may leave ${source}: ${count(fields, 'field')} of ${count(datasets, 'dataset')}. ${list(signed.by)} signed for it.`;
}

function left({ extracted, approved, processor, recipients }: SummaryFacts): string {
  if (extracted === undefined)
    return 'No extraction is recorded: by this journal, no data left the laboratory’s system.';
  const { time, by, rowsLeft, rowsStayed, columnsLeft, columnsStayed } = extracted;
  const approval = approved === undefined ? '' : en` The laboratory approved these counts on ${day(approved.time)}.`;
  return en`On ${day(time)}, ${list(by)} extracted them for ${processor}. ${count(rowsLeft, 'row')} left in ${count(columnsLeft, 'column')}; ${count(rowsStayed, 'row')} and ${count(columnsStayed, 'column')} stayed. What left was sealed at once: only ${list(recipients)} can open it.${approval}`;
}

function went({ extracted, delivered }: SummaryFacts): string {
  if (delivered === undefined) return extracted === undefined ? '' : 'The sealed files were not sent.';
  const { time, host, country: code, files, bytes } = delivered;
  return en`On ${day(time)}, ${count(files, 'sealed file')} (${size(bytes)}) went to the server ${host}, in this country: ${country(code)}.`;
}

function acknowledged({ delivered, receipts, imports, validated }: SummaryFacts): string {
  if (delivered === undefined) return '';
  const sentences = receipts.map(
    ({ time, by }) => en`${list(by)} opened every file, counted again, and signed the receipt on ${day(time)}.`,
  );
  sentences.push(
    ...imports.map(({ time, by }) => en`On ${day(time)}, ${list(by)} signed that every row is in the new system.`),
  );
  if (validated !== undefined) sentences.push(en`The laboratory validated the result on ${day(validated.time)}.`);
  return sentences.length === 0 ? 'Nobody has acknowledged their arrival.' : sentences.join(' ');
}

function deleted({ extracted, ended, purged, processor, lab }: SummaryFacts): string {
  const end =
    ended === undefined
      ? ''
      : en`The job ended before its goal: ${ended.how === 'revoked' ? lab : processor} ended it on ${day(ended.time)} (“${ended.reason}”). `;
  if (purged !== undefined) {
    const because = {
      statements: '',
      deadline: ', because the deadline had come',
      ended: ', because the job had ended',
    }[purged.basis];
    return en`${end}On ${day(purged.time)}, ${processor} deleted its ${count(purged.copies, 'copy', 'copies')}${because}, and looked for them again. That is what it says: nobody can prove a deletion.`;
  }
  return extracted === undefined
    ? end.trim()
    : en`${end}No deletion is recorded: copies may still lie with ${processor} and on the server.`;
}

function refused({ refusals }: SummaryFacts): string {
  return refusals === 0
    ? ''
    : en`${count(refusals, 'refusal or alert', 'refusals or alerts')} on the way: what and why follows below.`;
}
