/** Words for verifying a migration. Claims, standings and troubles have theirs in the report's package. */
import { french, type InBoth } from '../language.ts';
import type { ShownFile } from '../work/verify.ts';

interface VerifyWords {
  readonly files: string;
  readonly manifestPurpose: string;
  readonly rosterPurpose: string;
  readonly sealedPurpose: string;
  readonly reading: string;
  readonly compare: string;
  readonly rosterFingerprint: (lab: string) => string;
  readonly rosterRemark: string;
  readonly result: string;
  readonly failed: string;
  readonly holds: (job: string, lab: string) => string;
  readonly entries: (count: number, outcome: string) => string;
  readonly sealedTitle: string;
  readonly found: Readonly<Record<ShownFile['found'], string>>;
  readonly entry: (number: number) => string;
  readonly readReport: string;
  readonly saveReport: string;
  readonly reportTitle: string;
}

/** The words. */
export const VERIFY_WORDS: InBoth<VerifyWords> = {
  en: {
    files: 'Bring the files',
    manifestPurpose: 'manifest.json, from anyone',
    rosterPurpose: 'lab.roster.json, from the laboratory itself',
    sealedPurpose: 'to compare with the manifest; they are not opened',
    reading: 'Verifying every signature and count…',
    compare: 'Compare the roster',
    rosterFingerprint: (lab) => `Fingerprint of the roster of ${lab}`,
    rosterRemark:
      'Everything below rests on this roster. Compare it with what the laboratory reads out on the phone, or with what it keeps.',
    result: 'Read the result',
    failed: 'This does not hold. Nothing in it can be relied on.',
    holds: (job, lab) => `The manifest of ${job} holds under the roster of ${lab}.`,
    entries: (count, outcome) => `${count} entries, every signature and count. The job is ${outcome}.`,
    sealedTitle: 'The sealed files',
    found: {
      same: 'is the file that the manifest names',
      altered: 'is NOT the file that the manifest names',
      extra: 'is not named by the manifest',
    },
    entry: (number) => `entry ${number}`,
    readReport: 'Read the report here',
    saveReport: 'Save the report, to print and to keep',
    reportTitle: 'Report of the migration',
  },
  fr: {
    files: 'Apporter les fichiers',
    manifestPurpose: 'manifest.json, de qui que ce soit',
    rosterPurpose: 'lab.roster.json, du laboratoire lui-même',
    sealedPurpose: french('à comparer au manifeste ; ils ne sont pas ouverts'),
    reading: 'Vérification de chaque signature et de chaque compte…',
    compare: 'Comparer le registre',
    rosterFingerprint: (lab) => `Empreinte du registre de ${lab}`,
    rosterRemark: french(
      "Tout ce qui suit repose sur ce registre. Comparez avec ce que le laboratoire lit au téléphone, ou avec ce qu'il conserve.",
    ),
    result: 'Lire le résultat',
    failed: french('Cela ne tient pas. On ne peut se fier à rien de ce qui y figure.'),
    holds: (job, lab) => `Le manifeste de ${job} tient, sous le registre de ${lab}.`,
    entries: (count, outcome) =>
      french(`Entrées : ${count}, chaque signature et chaque compte vérifiés. La migration est ${outcome}.`),
    sealedTitle: 'Les fichiers scellés',
    found: {
      same: 'est bien le fichier que nomme le manifeste',
      altered: french("n'est PAS le fichier que nomme le manifeste"),
      extra: french("n'est pas nommé par le manifeste"),
    },
    entry: (number) => `entrée ${number}`,
    readReport: 'Lire le rapport ici',
    saveReport: french('Enregistrer le rapport, à imprimer et à conserver'),
    reportTitle: 'Rapport de migration',
  },
};
