/** What an archive of evidence says of itself, in both languages. */
import { groupsOfFour } from '@sealift/core';
import type { Story } from '@sealift/core/journal';
import type { VerifiedRoster } from '@sealift/core/roster';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';
import { wordsOf } from '../words/words.ts';

const { text: en } = english;
const { text: fr } = french;

/** The text, French first. */
export function evidenceReadme({ chain }: Story, { document, fingerprint }: VerifiedRoster): string {
  const { name } = document.signed.lab;
  const groups = groupsOfFour(fingerprint);
  return `${[...inFrench(chain.job, name, groups), '', '', ...inEnglish(chain.job, name, groups)].join('\n')}\n`;
}

function inFrench(job: string, lab: string, groups: string): string[] {
  const { standings, meanings } = wordsOf('fr');
  return [
    fr`PREUVES DE LA MIGRATION ${job} (${lab})`,
    '',
    fr`Ce dossier ne contient aucune donnée de patient. Il contient :`,
    fr`  manifest.json           les instructions, chaque étape et chaque signature`,
    fr`  lab.roster.json         le registre du laboratoire : qui signe pour lui`,
    fr`  instructions/           les instructions signées, version par version`,
    fr`  identities/             les identités publiques de tous ceux qui y sont nommés`,
    fr`  report.fr.html          le rapport de la migration, à lire et à imprimer`,
    fr`  verification.fr.txt     ce que le manifeste établit, et jusqu'où`,
    fr`  sealift.html            la page qui vérifie à nouveau, hors ligne`,
    fr`  verify-by-hand.md       la vérification par des outils courants (en anglais)`,
    fr`  SHA256SUMS              l'empreinte de chaque fichier`,
    '',
    fr`Ce que veulent dire les mots :`,
    ...(['proven', 'attested', 'unknown'] as const).map((word) => fr`  ${standings[word]} : ${meanings[word]}`),
    fr`  L'effacement, l'absence d'autres copies, l'heure vraie et le caractère complet`,
    fr`  de la source ne sont jamais prouvés.`,
    '',
    fr`Pour vérifier :`,
    fr`  1. sha256sum -c SHA256SUMS`,
    fr`  2. Comparez l'empreinte du registre avec celle que donne le laboratoire, au`,
    fr`     téléphone et non par ce dossier :`,
    `     ${groups}`,
    fr`  3. Ouvrez sealift.html dans un navigateur et déposez-y manifest.json et`,
    fr`     lab.roster.json ; ou bien : migrate verify manifest.json --lab lab.roster.json`,
  ];
}

function inEnglish(job: string, lab: string, groups: string): string[] {
  const { standings, meanings } = wordsOf('en');
  return [
    en`EVIDENCE OF JOB ${job} (${lab})`,
    '',
    'There is no patient data in this archive. It holds:',
    '  manifest.json           the instructions, every step and every signature',
    "  lab.roster.json         the laboratory's roster: who signs for it",
    '  instructions/           the signed instructions, version by version',
    '  identities/             the public identities of everyone who is named',
    '  report.en.html          the report of the job, to read and to print',
    '  verification.en.txt     what the manifest establishes, and how far',
    '  sealift.html            the page that verifies again, offline',
    '  verify-by-hand.md       how to verify with stock tools alone',
    '  SHA256SUMS              the digest of each file',
    '',
    'What the words mean:',
    ...(['proven', 'attested', 'unknown'] as const).map((word) => `  ${standings[word]}: ${meanings[word]}`),
    '  Deletion, the absence of other copies, true time and the completeness of the',
    '  source are never proven.',
    '',
    'To verify:',
    '  1. sha256sum -c SHA256SUMS',
    "  2. Compare the roster's fingerprint with what the laboratory itself says, on the",
    '     phone and not by this archive:',
    `     ${groups}`,
    '  3. Open sealift.html in a browser and drop manifest.json and lab.roster.json;',
    '     or: migrate verify manifest.json --lab lab.roster.json',
  ];
}
