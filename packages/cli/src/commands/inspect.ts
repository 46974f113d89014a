/** `migrate inspect`: profiles a legacy dump before anybody lists a field of it, and never prints a cell (F02, F03). */
import { basename, resolve } from 'node:path';
import { SealiftError } from '@sealift/core';
import { createFile } from '@sealift/core/node';
import { type Inspection, inspectSource, openFileSource, pipeSource, type Source } from '@sealift/extract';
import type { Context } from '../context.ts';
import { datasetOutline } from '../dataset-outline.ts';
import type { Input } from '../input.ts';
import { columnTable, sourceLines, warningLines } from '../inspection-page.ts';
import { emphasised, type Line } from '../line.ts';
import { UsageError } from '../usage-error.ts';

/** What was found; `outline` is the file that was written. */
export interface InspectResult extends Inspection {
  readonly file: string;
  readonly outline: string | null;
}

/** Throws `E_USAGE`, `E_EXISTS`, `E_HEADER` when an outline of a source without a header is asked for, and what inspecting throws. */
export async function run(input: Input, context: Context): Promise<InspectResult> {
  const file = input.text('file');
  const rows = rowsOf(input);
  const source = await openSource(file, context);
  const progress = context.progress(`inspecting ${basename(file)}`, source.size);
  try {
    const inspection = await inspectSource(source, {
      ...(rows === undefined ? {} : { rows }),
      header: input.flag('header'),
      onProgress: (done) => progress.update(done),
    });
    const outline = await writeOutline(inspection, file, input, context);
    return { file, ...inspection, outline };
  } finally {
    progress.end();
    await source.close();
  }
}

async function openSource(file: string, context: Context): Promise<Source> {
  return file === '-' ? pipeSource(context.stdin()) : openFileSource(resolve(context.cwd, file));
}

function rowsOf(input: Input): number | undefined {
  const text = input.optional('rows');
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError('--rows is not a whole number above 0', 'leave it out to read the whole file');
}

async function writeOutline(
  inspection: Inspection,
  file: string,
  input: Input,
  context: Context,
): Promise<string | null> {
  const output = input.optional('output');
  if (output === undefined) return null;
  if (inspection.header === 'absent') {
    throw new SealiftError('E_HEADER', 'the source seems to have no header, so that no field of it can be listed', {
      hint: 'dump it again with column names; if its first row does hold them, add --header',
    });
  }
  const bytes = new TextEncoder().encode(datasetOutline(file, inspection));
  await createFile(resolve(context.cwd, output), bytes, 0o644);
  return output;
}

/** The dialect, a table of the columns, and what to look at. */
export function present(result: InspectResult): readonly Line[] {
  const { outline, warnings } = result;
  const nothing = [emphasised('good', 'nothing stood out; look at every column all the same before you list it')];
  return [
    ...sourceLines(result.file, result),
    '',
    ...columnTable(result),
    '',
    ...(warnings.length === 0 ? nothing : warningLines(result)),
    ...(outline === null ? [] : ['', ...nextLines(outline)]),
  ];
}

function nextLines(outline: string): string[] {
  return [
    `outline of the dataset: ${outline}; no field of it is listed yet`,
    '  move the lines of the fields that must leave from "candidates" to "fields",',
    '  then delete "candidates" and "neverAllowed"; "migrate instructions draft"',
    '  refuses the outline until that is done',
  ];
}
