import { SealiftError } from '@sealift/core';
import type { InstructionsDocument } from '@sealift/core/instructions';
import { sameLab, type VerifiedRoster } from '@sealift/core/roster';

/**
 * Requires that instructions, signed or not, name this roster: its laboratory and its very version.
 * @throws E_LAB
 */
export function requireOfRoster({ signed }: InstructionsDocument, { document, digest }: VerifiedRoster): void {
  const { lab } = document.signed;
  if (!sameLab(signed.lab.id, lab.id)) {
    throw new SealiftError(
      'E_LAB',
      `these instructions are of ${signed.lab.name}, and the roster is that of ${lab.name}`,
      {
        hint: 'name the roster of the laboratory that the instructions are for',
      },
    );
  }
  if (signed.lab.name !== lab.name) {
    throw new SealiftError(
      'E_LAB',
      `these instructions call the laboratory ${signed.lab.name}, and the roster ${lab.name}`,
      {
        hint: 'write the name as the roster has it',
      },
    );
  }
  if (signed.roster !== digest) {
    throw new SealiftError('E_LAB', 'these instructions were drawn up under another version of the roster', {
      hint: 'draft them again with the current roster',
    });
  }
}
