/** Instructions in French, with French spaces before high punctuation and within quotes. */
import { type AllowedField, type Dataset, outputName } from '@sealift/core/dataset';
import type { Instructions, MachineRequirement } from '@sealift/core/instructions';
import { french } from '../language/french.ts';
import { frenchDateRule } from './date-rule.ts';
import { frenchDialect } from './dialect.ts';
import { labNumber, type Page, type PageFacts, type Section, type SignatureStatus } from './page.ts';
import { frenchSecondLook } from './second-look-words.ts';

const { text: fr, day, moment, list, days, country } = french;

/** The page of instructions in French. */
export function frenchPage({ signed, status }: PageFacts): Page {
  return {
    title: fr`Instructions pour la migration ${signed.job}, version ${signed.version}`,
    sections: [
      { title: 'Signature', lines: [signature(signed, status)] },
      frenchSecondLook(signed),
      parties(signed),
      ...signed.datasets.map(dataset),
      staysOut(),
      recipients(signed),
      server(signed),
      ...machine(signed),
      conditions(signed),
      dates(signed),
      contract(signed),
      ...revoked(signed),
      ...(signed.note === undefined ? [] : [{ title: 'Remarque', lines: [signed.note] }]),
    ],
  };
}

function signature({ lab }: Instructions, status: SignatureStatus): string {
  switch (status.state) {
    case 'unsigned':
      return fr`Ceci est un projet. Personne ne l'a signé, et rien ne peut sortir sur son fondement.`;
    case 'unchecked':
      return fr`Ce document porte des signatures (${status.signatures}) qui n'ont pas pu être vérifiées : le registre des signataires de ${lab.name} n'est pas disponible ici. Tenez-le pour un projet.`;
    case 'foreign':
      return fr`Aucune personne habilitée à signer pour ${lab.name} n'a signé ce document. Il est sans effet.`;
    case 'incomplete':
      return fr`Ce document est signé par ${list(status.signedBy.map(({ name }) => name))}. ${lab.name} exige ${status.threshold} signataires : il est encore sans effet.`;
    case 'complete':
      return fr`Ce document est signé pour ${lab.name} par ${list(status.signedBy.map(({ name }) => name))} (signatures exigées : ${status.threshold}). Il produit effet entre les dates indiquées plus bas.`;
  }
}

function parties(signed: Instructions): Section {
  const { lab, processor, proposedBy, source } = signed;
  return {
    title: 'Qui demande, qui agit',
    lines: [
      fr`${lab.name} (${labNumber(signed)}) est le responsable du traitement. Lui seul décide de ce qui sort.`,
      fr`${processor.name} (${country(processor.country)}) est le sous-traitant et n'agit que sur ces instructions. Agissent pour lui :`,
      ...processor.operators.map(
        ({ name, account, undertaking, unattended }) =>
          fr`- ${name}, avec le compte ${account} ; engagement de confidentialité du ${day(undertaking)}${unattended ? fr` ; service automatique, qui efface sans surveillance et peut agir comme les autres` : ''}.`,
      ),
      fr`Cette liste a été proposée par ${proposedBy.name} (${proposedBy.organisation}). Seule la signature du laboratoire lui donne effet.`,
      fr`Les données proviennent du logiciel ${source.product}, version ${source.version}, qui ${source.endOfLife ? fr`n'est plus maintenu` : 'est encore maintenu'}.`,
    ],
  };
}

function dataset(found: Dataset): Section {
  const { name, fields, expected, ceiling, malformed, disposeSource, note, dialect } = found;
  const plain = fields.filter(({ freeText }) => freeText !== true);
  const free = fields.filter(({ freeText }) => freeText === true);
  const lines = [
    ...(plain.length === 0 ? [] : [fr`Sortent les champs suivants (${plain.length}) :`, ...plain.map(field)]),
    ...(free.length === 0
      ? []
      : [fr`Sort aussi du texte libre (${free.length}), chaque champ pour sa propre raison :`, ...free.map(field)]),
    ...frenchRules(found),
  ];
  if (expected?.rows !== undefined)
    lines.push(fr`Nombre de lignes que le laboratoire attend dans la source : ${expected.rows}.`);
  if (expected?.kept !== undefined)
    lines.push(fr`Nombre de lignes que le laboratoire s'attend à voir sortir : ${expected.kept}.`);
  if (ceiling?.rows !== undefined) lines.push(fr`Nombre de lignes qui ne sera jamais dépassé : ${ceiling.rows}.`);
  if (ceiling?.bytes !== undefined) lines.push(fr`Nombre d'octets qui ne sera jamais dépassé : ${ceiling.bytes}.`);
  lines.push(...frenchDialect(dialect));
  if (malformed !== undefined) {
    lines.push(fr`Une ligne qui a plus ou moins de cellules que l'en-tête peut être écartée ; elle est comptée.`);
  }
  if (disposeSource === true) {
    lines.push(
      fr`Le sous-traitant peut effacer le fichier source lui-même, une fois données toutes les signatures qu'attend l'effacement de ses copies, et jamais sur une échéance.`,
    );
  }
  if (note !== undefined) lines.push(fr`Remarque : ${note}`);
  return { title: fr`Ce qui sort de « ${name} »`, lines };
}

function field(allowed: AllowedField): string {
  const renamed = outputName(allowed) === allowed.name ? '' : fr`, sous le nom « ${outputName(allowed)} »`;
  const purpose = allowed.purpose === undefined ? '' : fr` : ${allowed.purpose}`;
  const note = allowed.note === undefined ? '' : fr` (${allowed.note})`;
  return fr`- ${allowed.name}${renamed}${purpose}${note}`;
}

/** By which rule rows of a dataset leave. */
export function frenchRules({ window, link }: Dataset): string[] {
  const lines = [
    ...(window === undefined
      ? [
          link === undefined
            ? fr`Il n'y a pas de fenêtre de dates : les lignes de toute date sortent.`
            : fr`Il n'y a pas de fenêtre de dates.`,
        ]
      : frenchDateRule(window)),
  ];
  if (link !== undefined) {
    lines.push(
      fr`Une ligne ne sort que si son champ « ${link.field} » figure parmi les « ${link.toField} » des lignes de « ${link.to} » qui sortent.`,
    );
  }
  return lines;
}

function staysOut(): Section {
  return {
    title: 'Ce qui reste',
    lines: [
      fr`Tout champ qui n'est pas nommé ci-dessus reste, quoi que contienne la source, de même que toute ligne écartée par une fenêtre ou un lien. Chacune est comptée.`,
      fr`Les mots de passe et identifiants de connexion ne peuvent jamais figurer sur la liste. Une ligne illisible arrête l'extraction, sauf s'il est dit plus haut qu'elle peut être écartée.`,
    ],
  };
}

function recipients({ recipients: found, suite }: Instructions): Section {
  return {
    title: 'Qui peut déchiffrer',
    lines: [
      fr`Seuls les destinataires suivants peuvent lire les fichiers ; le sous-traitant lui-même ne le peut pas :`,
      ...found.map(
        ({ name, country: code, account, expires }) =>
          fr`- ${name} (${country(code)}), avec le compte ${account}${expires === undefined ? '' : fr`, jusqu'au ${moment(expires)}`}.`,
      ),
      suite === 'xwing-sealedbox'
        ? fr`Les clés sont enveloppées de sorte qu'une copie conservée reste fermée aussi à un futur ordinateur quantique (X-Wing).`
        : fr`Les clés sont enveloppées sans protection contre un futur ordinateur quantique.`,
    ],
  };
}

function server({ endpoint, transfers }: Instructions): Section {
  return {
    title: 'Où vont les fichiers',
    lines: [
      fr`Les fichiers scellés vont par SFTP sur ${endpoint.host}, port ${String(endpoint.port)}, dans le pays suivant : ${country(endpoint.country)}. Ils se trouvent sous le dossier « ${endpoint.folder} ».`,
      endpoint.readBack
        ? fr`Le serveur doit présenter la seule clé indiquée ici. Après son envoi, chaque fichier est relu en entier et comparé.`
        : fr`Le serveur doit présenter la seule clé indiquée ici. Après son envoi, la taille de chaque fichier est comparée.`,
      transfers.outsideEea
        ? fr`Des données peuvent quitter l'Espace économique européen, vers ces seuls pays : ${list(transfers.countries.map(country))}. La garantie est la suivante : ${transfers.safeguard}`
        : fr`Aucune donnée ne peut quitter l'Espace économique européen.`,
    ],
  };
}

const REQUIREMENTS: Readonly<Record<MachineRequirement, string>> = {
  'listening-sockets': fr`- aucun programme n'y est à l'écoute d'autres machines`,
  'disk-encryption': fr`- son disque est chiffré`,
  'removable-folder': fr`- les fichiers se trouvent sur un disque interne`,
  'synchronised-folder': fr`- aucun programme ne copie les fichiers ailleurs`,
  'file-modes': fr`- ses autres utilisateurs ne peuvent ni lire ni remplacer les fichiers`,
  swap: fr`- sa mémoire n'est pas écrite sur un disque non chiffré`,
  'core-dumps': fr`- un plantage ne laisse aucune copie de sa mémoire`,
  clock: fr`- son horloge est à l'heure`,
  'node-support': fr`- la version de Node qu'utilise Sealift est maintenue`,
};

function machine({ requires = [] }: Instructions): Section[] {
  if (requires.length === 0) return [];
  const lines = requires.map((name, index) => fr`${REQUIREMENTS[name]}${index < requires.length - 1 ? fr` ;` : '.'}`);
  return [
    {
      title: `La machine qui envoie`,
      lines: [fr`Rien n'est envoyé si la machine du sous-traitant ne montre pas que :`, ...lines],
    },
  ];
}

function conditions({ gates }: Instructions): Section {
  const purge = {
    receipt: fr`- chaque destinataire a signé qu'il a reçu les fichiers et pu les lire`,
    import: fr`- chaque destinataire a signé que les lignes sont dans le nouveau système`,
    validation: fr`- le laboratoire a signé qu'il valide le résultat`,
  } as const;
  return {
    title: 'Ce qui doit précéder',
    lines: [
      gates.delivery.includes('approval')
        ? fr`Rien n'est envoyé avant que le laboratoire ait signé son accord sur les nombres de lignes et les colonnes.`
        : fr`Les fichiers sont envoyés dès leur extraction, sans autre accord.`,
      gates.purge.length === 1
        ? fr`Le sous-traitant efface toutes ses copies dès que :`
        : fr`Le sous-traitant efface toutes ses copies dès que tout ceci est fait :`,
      ...gates.purge.map((gate, index) => fr`${purge[gate]}${index < gates.purge.length - 1 ? fr` ;` : '.'}`),
    ],
  };
}

function dates({ notBefore, expires, deadlines, retention }: Instructions): Section {
  return {
    title: fr`Jusqu'à quand`,
    lines: [
      fr`Ces instructions valent du ${moment(notBefore)} au ${moment(expires)}, cet instant exclu.`,
      fr`Les fichiers doivent être remis au plus tard le ${moment(deadlines.delivery)}. Délai d'avertissement avant une échéance : ${days(deadlines.warnDays)}.`,
      deadlines.atPurge === 'purge'
        ? fr`Le ${moment(deadlines.purge)}, le sous-traitant efface ses copies même s'il manque encore une signature.`
        : fr`Les copies doivent être effacées au plus tard le ${moment(deadlines.purge)}. S'il manque alors une signature, elles sont conservées et une alerte est donnée.`,
      fr`Durées de conservation : données, ${days(retention.dataDays)} ; journaux, ${days(retention.logsDays)} ; preuves, ${days(retention.evidenceDays)}.`,
    ],
  };
}

function contract({ contract: found }: Instructions): Section {
  return {
    title: 'Contrat (art. 28, § 3, du RGPD)',
    lines: [
      fr`Le contrat ${found.reference} court jusqu'au ${day(found.expires)} inclus ; son empreinte est ${found.digest}.`,
      fr`Objet : ${found.subjectMatter}`,
      fr`Durée : ${found.duration}`,
      fr`Nature : ${found.nature}`,
      fr`Finalité : ${found.purpose}`,
      fr`Catégories de données : ${list(found.dataKinds)}`,
      fr`Personnes concernées : ${list(found.dataSubjects)}`,
    ],
  };
}

function revoked({ revoked: found = [] }: Instructions): Section[] {
  if (found.length === 0) return [];
  return [
    {
      title: 'Clés révoquées',
      lines: found.map(
        ({ identity, since, reason }) => fr`- La clé ${identity} depuis le ${moment(since)} : ${reason}`,
      ),
    },
  ];
}
