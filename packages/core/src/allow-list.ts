/**
 * The allow-list: the fields of a dataset that may leave, each by its literal name (F03, F08, F12). What can be said of a
 * list without the source is said here; the extraction matches it against a header.
 */
import { isCredentialName } from './credential.ts';
import type { AllowedField, Dataset } from './dataset.ts';
import { SealiftError } from './errors.ts';
import { isFreeTextName } from './free-text.ts';

/** The header name of a field in the sealed CSV. */
export function outputName(field: AllowedField): string {
  return field.as ?? field.name;
}

/** The header of a dataset's sealed CSV: the output names in the allow-list's order. */
export function outputHeader(dataset: Dataset): string[] {
  return dataset.fields.map(outputName);
}

/**
 * Checks an allow-list by itself.
 * @param pointer JSON Pointer of the dataset, for the error's place
 * @throws E_SCOPE for an empty list, a wildcard, a name listed twice, free text without a purpose; E_CREDENTIAL
 */
export function checkAllowList(dataset: Dataset, pointer: string): void {
  if (dataset.fields.length === 0) {
    throw new SealiftError('E_SCOPE', `dataset ${dataset.name} lists no field`, {
      hint: 'list each field that may leave by its name',
      place: { path: `${pointer}/fields` },
    });
  }
  const names = new Set<string>();
  const outputs = new Set<string>();
  for (const [index, field] of dataset.fields.entries()) {
    const place = { path: `${pointer}/fields/${index}` };
    checkField(dataset, field, place);
    if (names.has(field.name) || outputs.has(outputName(field))) {
      throw new SealiftError('E_SCOPE', `dataset ${dataset.name} lists field "${field.name}" twice`, { place });
    }
    names.add(field.name);
    outputs.add(outputName(field));
  }
}

function checkField(dataset: Dataset, field: AllowedField, place: { path: string }): void {
  if (/[*?]/.test(field.name)) {
    throw new SealiftError('E_SCOPE', `dataset ${dataset.name} lists "${field.name}": wildcards do not exist`, {
      hint: 'list each field that may leave by its name',
      place,
    });
  }
  if (isCredentialName(field.name)) {
    throw new SealiftError('E_CREDENTIAL', `dataset ${dataset.name} lists "${field.name}", which holds credentials`, {
      hint: 'take it off the list: passwords and portal logins never leave',
      place,
    });
  }
  if (field.freeText === true ? (field.purpose ?? '').trim() === '' : isFreeTextName(field.name)) {
    throw new SealiftError('E_SCOPE', `dataset ${dataset.name} lists free text "${field.name}" without its purpose`, {
      hint: 'set "freeText": true and say in "purpose" why this field must leave, or take it off the list',
      place,
    });
  }
}
