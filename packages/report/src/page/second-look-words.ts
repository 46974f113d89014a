/** The words for what deserves a second look. */
import type { Instructions } from '@sealift/core/instructions';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import type { Section } from './page.ts';
import { type Remark, secondLook } from './second-look.ts';

const { text: en } = english;
const { text: fr } = french;

/** The section in English. */
export function englishSecondLook(signed: Instructions): Section {
  const lines = secondLook(signed).map((remark) => `- ${inEnglish(remark)}`);
  return {
    title: 'What deserves a second look',
    lines:
      lines.length > 0
        ? lines
        : [
            'Nothing asks for more, or protects less, than the cautious choice: no free text, no NIR, no transfer abroad.',
          ],
  };
}

function inEnglish(remark: Remark): string {
  switch (remark.remark) {
    case 'nir':
      return en`The NIR leaves “${remark.dataset}” (${english.list(remark.fields)}): the number that opens the most doors to whoever steals it. Does the new system need it?`;
    case 'free-text':
      return en`Free text leaves “${remark.dataset}” (${english.list(remark.fields)}): anything may stand in it, an illness or a name. Is each reason given below good enough?`;
    case 'any-date':
      return en`No date limits the rows of “${remark.dataset}”: all of them leave.`;
    case 'malformed':
      return en`Malformed rows of “${remark.dataset}” may be left out: the patients in them would be missing in the new system.`;
    case 'source-deleted':
      return en`The processor may delete the source of “${remark.dataset}”. Does the laboratory keep a copy?`;
    case 'outside-eea':
      return en`Data may leave the European Economic Area, for ${english.list(remark.countries.map(english.country))}.`;
    case 'no-approval':
      return 'Nobody of the laboratory approves the extraction before it is sent.';
    case 'purge-without-import':
      return 'The processor may delete its copies before anybody has said that the rows are in the new system.';
    case 'not-quantum-safe':
      return 'A stored copy of the files is not protected against a future quantum computer.';
    case 'kept-after-deadline':
      return 'If a signature is missing at the deadline, the copies are kept.';
  }
}

/** The section in French. */
export function frenchSecondLook(signed: Instructions): Section {
  const lines = secondLook(signed).map((remark) => `- ${inFrench(remark)}`);
  return {
    title: 'Ce qui mérite un second regard',
    lines:
      lines.length > 0
        ? lines
        : [
            fr`Rien ne demande plus, ou ne protège moins, que le choix prudent : ni texte libre, ni NIR, ni transfert hors d'Europe.`,
          ],
  };
}

function inFrench(remark: Remark): string {
  switch (remark.remark) {
    case 'nir':
      return fr`Le NIR sort de « ${remark.dataset} » (${french.list(remark.fields)}) : c'est le numéro qui ouvre le plus de portes à qui le vole. Le nouveau système en a-t-il besoin ?`;
    case 'free-text':
      return fr`Du texte libre sort de « ${remark.dataset} » (${french.list(remark.fields)}) : tout peut s'y trouver, une maladie, un nom. Chaque raison donnée plus bas suffit-elle ?`;
    case 'any-date':
      return fr`Aucune date ne limite les lignes de « ${remark.dataset} » : toutes sortent.`;
    case 'malformed':
      return fr`Des lignes mal formées de « ${remark.dataset} » peuvent être écartées : les patients qu'elles concernent manqueraient dans le nouveau système.`;
    case 'source-deleted':
      return fr`Le sous-traitant peut effacer la source de « ${remark.dataset} ». Le laboratoire en garde-t-il une copie ?`;
    case 'outside-eea':
      return fr`Des données peuvent quitter l'Espace économique européen, vers : ${french.list(remark.countries.map(french.country))}.`;
    case 'no-approval':
      return fr`Personne du laboratoire n'approuve l'extraction avant son envoi.`;
    case 'purge-without-import':
      return fr`Le sous-traitant peut effacer ses copies avant que quiconque ait dit que les lignes sont dans le nouveau système.`;
    case 'not-quantum-safe':
      return fr`Une copie conservée des fichiers n'est pas protégée contre un futur ordinateur quantique.`;
    case 'kept-after-deadline':
      return fr`S'il manque une signature à l'échéance, les copies sont conservées.`;
  }
}
