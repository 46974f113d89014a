/** A fingerprint in groups of four, large enough to be read out on the phone. */
import { groupsOfFour } from '@sealift/core';
import type { Fingerprint } from '@sealift/core/ids';
import { element } from './element.ts';

/** The fingerprint under its label. */
export function fingerprintBlock(label: string, fingerprint: Fingerprint, remark?: string): HTMLElement {
  const groups = groupsOfFour(fingerprint).split(' ');
  return element(
    'div',
    { class: 'fingerprint' },
    element('p', { class: 'label' }, label),
    element('p', { class: 'groups' }, ...groups.flatMap((group) => [element('span', {}, group), ' '])),
    remark === undefined ? undefined : element('p', { class: 'remark' }, remark),
  );
}
