/** What each code means, in French: sentence and next step. Codes that the page never meets are left out. */
import type { ErrorCode } from '@sealift/core';
import { french } from '../language.ts';

const PLAIN: Partial<Record<ErrorCode, readonly [sentence: string, hint: string]>> = {
  E_INTERNAL: ["Il s'est produit quelque chose que Sealift n'avait pas prévu.", 'Rechargez la page et recommencez.'],
  E_USAGE: ['Une indication manque ou ne convient pas.', 'Corrigez-la et recommencez.'],
  E_ROLE: [
    "Cette signature n'est pas celle d'une personne habilitée pour cela.",
    'Seule une personne nommée dans le registre signe pour le laboratoire ; un destinataire ou un opérateur, jamais.',
  ],
  E_THRESHOLD: [
    'Il manque des signatures : le registre en exige davantage.',
    'Faites signer le même fichier par un autre signataire du registre.',
  ],
  E_TIME: [
    'Ces instructions ne sont pas valables à cette date, ou leurs dates se contredisent.',
    "Demandez des instructions avec d'autres dates.",
  ],
  E_ROLLBACK: ['Cette version ne vient pas après celle qui est connue.', 'Demandez la version la plus récente.'],
  E_REPLAY: ['Cela a déjà été fait pour cette migration.', 'Vérifiez le manifeste : il dit où en est la migration.'],
  E_LAB: [
    "Ce document n'est pas du même laboratoire, ou relève d'une autre version de son registre.",
    'Prenez le registre que le laboratoire vous a donné, dans la version nommée par les instructions.',
  ],
  E_TRUST: ['Le registre du laboratoire manque.', 'Déposez le registre que le laboratoire vous a donné.'],
  E_SCOPE: ['La liste des données contient une erreur.', 'Renvoyez le projet à son auteur, avec le détail ci-dessous.'],
  E_CREDENTIAL: [
    'La liste contient une colonne de mots de passe ou de codes de connexion : elle ne peut jamais sortir.',
    'Renvoyez le projet à son auteur : cette colonne doit en être retirée.',
  ],
  E_CONTRACT: [
    "Le contrat de sous-traitance (art. 28, § 3, du RGPD) n'est plus en vigueur.",
    'Rien ne peut être extrait sans contrat en vigueur ; demandez de nouvelles instructions.',
  ],
  E_COUNTRY: [
    "Un pays situé hors de l'Espace économique européen est nommé sans que le transfert soit autorisé.",
    'Renvoyez le projet à son auteur.',
  ],
  E_REVOKED: ['Cette clé a été révoquée ou a expiré.', 'Demandez au laboratoire qui la remplace.'],
  E_SHARED: [
    'Deux personnes partagent une clé ou un compte.',
    'Une personne, une clé, un compte : renvoyez le projet à son auteur.',
  ],
  E_DATE: ['Une date ne peut pas être lue comme elle est déclarée.', 'Renvoyez le projet à son auteur.'],
  E_JSON: ["Ce fichier n'est pas un document JSON lisible.", 'Demandez le fichier à nouveau à son auteur.'],
  E_JSON_DUP: ['Un nom figure deux fois dans ce fichier.', 'Demandez le fichier à nouveau à son auteur.'],
  E_ENCODING: [
    'Ce fichier contient des caractères ou un codage qui ne conviennent pas.',
    'Demandez le fichier à nouveau à son auteur.',
  ],
  E_NUMBER: ['Un nombre de ce fichier ne convient pas.', 'Demandez le fichier à nouveau à son auteur.'],
  E_LIMIT: ['Ce fichier dépasse une limite de taille.', 'Demandez le fichier à nouveau à son auteur.'],
  E_VERSION: ['Ce type de document est inconnu de cette version.', 'Demandez une version plus récente de cette page.'],
  E_SCHEMA: [
    "Ce fichier n'a pas la forme attendue.",
    "Vérifiez qu'il s'agit du bon fichier, ou demandez-le à nouveau à son auteur.",
  ],
  E_UNSIGNED: ["Ce document n'est pas signé.", 'Demandez à son auteur de le signer.'],
  E_SIG: [
    'Une signature ne tient pas : le document a été modifié après avoir été signé.',
    'Ne vous y fiez pas ; demandez-le à nouveau, et prévenez le laboratoire si cela se répète.',
  ],
  E_MISMATCH: [
    'Deux documents ne disent pas la même chose.',
    "Rien n'a été signé ; demandez à leurs auteurs lequel vaut.",
  ],
  E_CHAIN: [
    'La suite des étapes est rompue : une entrée a été retirée, ajoutée ou modifiée.',
    'Ne vous y fiez pas ; comparez avec un manifeste reçu plus tôt.',
  ],
  E_COUNT: ['Les comptes de lignes ne tombent pas juste.', 'Ne vous y fiez pas ; demandez le manifeste à nouveau.'],
  E_STATE: ["La migration n'en est pas à cette étape.", 'Vérifiez le manifeste : il dit où en est la migration.'],
  E_WAITING: ['Une étape précédente manque encore.', 'Vérifiez le manifeste : il dit ce que la migration attend.'],
  E_KEY: ["Une clé de ce fichier n'est pas valable.", "Prenez une copie de l'identité faite avant sa modification."],
  E_KEY_WEAK: [
    "Une clé de ce fichier est faible : n'importe qui pourrait signer avec elle.",
    'Ne vous fiez pas à ce fichier.',
  ],
  E_PASS: ['La phrase de passe est fausse, ou le fichier a été modifié.', 'Tapez la phrase de passe à nouveau.'],
  E_SSH_KEY: ['Une clé SSH de ce document ne convient pas.', 'Renvoyez le projet à son auteur.'],
};

/** Sentence and next step by code, typeset. */
export const FRENCH_FAILURES: Partial<Record<ErrorCode, readonly [sentence: string, hint: string]>> =
  Object.fromEntries(Object.entries(PLAIN).map(([code, [sentence, hint]]) => [code, [french(sentence), french(hint)]]));
