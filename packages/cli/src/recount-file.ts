/** What the laboratory counted in its own copy: the file that `migrate recompute --json` was written to. */
import { basename } from 'node:path';
import { SealiftError } from '@sealift/core';
import type { Recount } from '@sealift/core/claims';
import { type JsonObject, type JsonValue, parseJson } from '@sealift/core/document';
import { readBounded } from '@sealift/core/node';

const MAX_BYTES = 1024 * 1024;

/**
 * Reads the counts of each dataset.
 * @throws E_NOT_FOUND, E_FILE and as strict reading does; E_SCHEMA for another file; E_MISMATCH when it is of another job
 */
export async function readRecounts(path: string, job: string): Promise<Recount[]> {
  const file = basename(path);
  const { value } = parseJson(await readBounded(path, MAX_BYTES), { maxBytes: MAX_BYTES, file });
  const answer = objectIn(value, file);
  const { datasets } = answer;
  if (answer['job'] !== job) {
    throw new SealiftError('E_MISMATCH', `${file} is not of job ${job}`, {
      hint: 'name what "migrate recompute --json" printed for this job',
    });
  }
  if (!Array.isArray(datasets)) throw otherFile(file);
  return datasets.map((one: JsonValue) => {
    const { dataset, rows } = objectIn(one, file);
    const { read, kept } = objectIn(rows, file);
    if (typeof dataset !== 'string' || !isCount(read) || !isCount(kept)) throw otherFile(file);
    return { dataset, read, kept };
  });
}

function objectIn(value: JsonValue | undefined, file: string): JsonObject {
  if (!isObject(value)) throw otherFile(file);
  return value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === 'number' && value >= 0;
}

function otherFile(file: string): SealiftError {
  return new SealiftError('E_SCHEMA', `${file} is not what "migrate recompute --json" prints`, {
    hint: 'run "migrate recompute manifest.json --json > recompute.json" with your own copy of the source',
  });
}
