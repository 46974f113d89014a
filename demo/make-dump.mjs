#!/usr/bin/env node

// Writes a synthetic "total extraction" of a legacy laboratory system: the shape of
// file that a vendor engineer finds in the field, with every column that CNIL
// decision SAN-2022-009 (§8) lists, and a truth file that says what a correct
// extraction must keep. Nothing in it is a real person.
//
//   make-dump.mjs --out DIR [--patients 129276] [--before 8403] [--results-per-patient 2]
//                 [--seed 1] [--encoding windows-1252|utf-8|cp850|iso-8859-15]
//                 [--delimiter ';'] [--newline crlf|lf] [--quirks]
//
// Defaults reproduce the decision's §44: 8,403 of the rows (6.5 %) have a last visit
// before 7 May 2017.
//
// DIR/patients.csv   one row a patient
// DIR/results.csv    results, many a patient, keyed by ID_PATIENT
// DIR/truth.json     exact integers for the cutoff 2017-05-07 (inclusive)
//
// --quirks adds what real dumps have: quoted newlines, doubled quotes, empty and
// impossible dates, trailing spaces, NBSP, spreadsheet formulas, orphan results. It never
// makes a file malformed; each quirk is counted in truth.json.

import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: opt } = parseArgs({
  options: {
    out: { type: 'string' },
    patients: { type: 'string', default: '129276' },
    before: { type: 'string', default: '8403' },
    'results-per-patient': { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    encoding: { type: 'string', default: 'windows-1252' },
    delimiter: { type: 'string', default: ';' },
    newline: { type: 'string', default: 'crlf' },
    quirks: { type: 'boolean', default: false },
  },
});
if (!opt.out) {
  console.error('make-dump: --out DIR is required');
  process.exit(2);
}
const N = Number(opt.patients);
const BEFORE = Number(opt.before);
const RPP = Number(opt['results-per-patient']);
const D = opt.delimiter;
const NL = opt.newline === 'lf' ? '\n' : '\r\n';
if (!(N >= 0) || !(BEFORE >= 0) || BEFORE > N) {
  console.error('make-dump: need 0 <= --before <= --patients');
  process.exit(2);
}

// mulberry32
let state = Number(opt.seed) >>> 0;
const rnd = () => {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = state;
  t = Math.imul(t ^ (t >>> 15), t | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const int = (a, b) => a + Math.floor(rnd() * (b - a + 1));
const pick = (xs) => xs[Math.floor(rnd() * xs.length)];
const p2 = (n) => String(n).padStart(2, '0');

const NOMS =
  'MARTIN BERNARD THOMAS PETIT ROBERT RICHARD DURAND DUBOIS MOREAU LAURENT SIMON MICHEL LEFÈVRE LEROY ROUX DAVID BERTRAND MOREL FOURNIER GIRARD BONNET DUPONT LAMBERT FONTAINE ROUSSEAU VINCENT MÜLLER FAURE ANDRÉ MERCIER BLANC GUÉRIN BOYER GARNIER CHEVALIER FRANÇOIS LEGRAND GAUTHIER GARCIA PERRIN ROBIN CLÉMENT MORIN NICOLAS HENRY ROUSSEL MATHIEU GAUTIER MASSON MARCHAND DUVAL DENIS DUMONT MARIE LEMAIRE NOËL MEYER DUFOUR MEUNIER BRUN BLANCHARD GIRAUD JOLY RIVIÈRE LUCAS BRUNET GAILLARD BARBIER ARNAUD MARTINEZ GÉRARD ROCHE RENARD SCHMITT ROY LEROUX COLIN VIDAL CARON PICARD ROGER FABRE AUBERT LEMOINE RENAUD DUMAS LACROIX OLIVIER PHILIPPE BOURGEOIS PIERRE BENOÎT REY LECLERC PAYET ROLLAND LECLERCQ GUILLAUME LECOMTE LOPEZ JEAN DUPUY GUILLOT HUBERT BERGER CARPENTIER SANCHEZ DUPUIS MOULIN LOUIS DESCHAMPS HUET VASSEUR PEREZ BOUCHER FLEURY ROYER KLEIN JACQUET ADAM PARIS POIRIER MARTY AUBRY GUYOT CARRÉ CHARLES RENAULT CHARPENTIER MÉNARD MAILLARD BARON BERTIN BAILLY HERVÉ SCHNEIDER FERNANDEZ "LE GALL" COLLET LÉGER BOUVIER JULIEN PRÉVOST MILLET PERROT DANIEL "LE ROUX" COUSIN GERMAIN BRETON BESSON LANGLOIS RÉMY "LE GOFF" PELLETIER LÉVÊQUE PERRIER LEBLANC BARRÉ LEBRUN MARCHAL WEBER MALLET HAMON BOULANGER JACOB MONNIER MICHAUD RODRIGUEZ GUICHARD GILLET ÉTIENNE GRONDIN POULAIN TESSIER CHEVALLIER COLLIN CHAUVIN "DA SILVA" BOUCHET GAY LEMAÎTRE BÉNARD MARÉCHAL HUMBERT REYNAUD ANTOINE HOARAU PERRET BARTHÉLEMY CORDIER PICHON LEJEUNE GILBERT LAMY DELAUNAY PASQUIER CARLIER LAPORTE'
    .match(/"[^"]+"|\S+/g)
    .map((s) => s.replace(/"/g, ''));
const PREN_F =
  'Marie Jeanne Françoise Monique Catherine Nathalie Isabelle Jacqueline Anne Sylvie Martine Madeleine Nicole Suzanne Hélène Christine Marguerite Denise Louise Christiane Yvonne Valérie Sophie Stéphanie Céline Véronique Chloé Zoé Léa Inès Aïcha Noémie Gaëlle Maëlys Anaïs'.split(
    ' ',
  );
const PREN_M =
  'Jean Pierre Michel André Philippe René Louis Alain Jacques Bernard Marcel Daniel Roger Robert Paul Claude Christian Henri Georges Nicolas François Éric Stéphane Jérôme Rémi Loïc Gaël Théo Noé Raphaël Mathéo Frédéric Cédric Benoît Joël'.split(
    ' ',
  );
const VOIES = [
  'rue de la République',
  'avenue du Général-de-Gaulle',
  'place de l’Église',
  'allée des Érables',
  'boulevard Voltaire',
  'impasse du Moulin',
  'chemin des Prés',
  'rue Jean-Jaurès',
  "rue de l'Hôtel-de-Ville",
  'quai Saint-Michel',
];
const VILLES = [
  ['67000', 'STRASBOURG'],
  ['35000', 'RENNES'],
  ['29200', 'BREST'],
  ['56100', 'LORIENT'],
  ['22000', 'SAINT-BRIEUC'],
  ['45000', 'ORLÉANS'],
  ['28000', 'CHARTRES'],
  ['41000', 'BLOIS'],
  ['37000', 'TOURS'],
  ['61000', 'ALENÇON'],
  ['14000', 'CAEN'],
  ['50000', 'SAINT-LÔ'],
  ['27000', 'ÉVREUX'],
  ['76600', 'LE HAVRE'],
];
const COM_P = [
  '',
  '',
  '',
  '',
  '',
  'STERILITE 100 %',
  'GROSSESSE 12 SA',
  'NE PAS APPELER LE SOIR',
  'VIH +',
  'patient agité ; prévoir 2 préleveurs',
  'veines difficiles',
  'À JEUN',
];
const COM_D = [
  '',
  '',
  '',
  '',
  'DIABETE',
  'XARELTO',
  'TUBERCULOSE OSSEUSE SOUS RIFATER',
  'CANCER DU SEIN',
  'ALD 30',
  'MUCOVISCIDOSE (F508del/F508del)',
  'DOSSIER ≥ 50 €',
];
const TESTS = [
  ['0126', 'Glycémie à jeun', 'mmol/L', '3,9-5,5'],
  ['1104', 'Hémogramme — leucocytes', 'G/L', '4,0-10,0'],
  ['0593', 'Créatinine', 'µmol/L', '59-104'],
  ['0388', 'VIH 1+2 dépistage', '', 'négatif'],
  ['7335', 'TSH', 'mUI/L', '0,27-4,20'],
  ['1577', 'HbA1c', '%', '4,0-6,0'],
  ['1208', 'Ferritine', 'µg/L', '30-300'],
  ['0552', 'ALAT', 'UI/L', '<41'],
];

// windows-1252 high half for the characters used above; others by code point.
const CP1252 = { '€': 0x80, '’': 0x92, '—': 0x97, œ: 0x9c, Œ: 0x8c, '–': 0x96 };
const CP850 = {
  é: 0x82,
  â: 0x83,
  à: 0x85,
  ç: 0x87,
  ê: 0x88,
  ë: 0x89,
  è: 0x8a,
  ï: 0x8b,
  î: 0x8c,
  É: 0x90,
  ô: 0x93,
  û: 0x96,
  ù: 0x97,
  ÿ: 0x98,
  Ü: 0x9a,
  ü: 0x81,
  µ: 0xe6,
  À: 0xb7,
  È: 0xd4,
  Ê: 0xd2,
  Î: 0xd7,
  Ô: 0xe2,
  Ç: 0x80,
  Ë: 0xd3,
  Ï: 0xd8,
  '\u00a0': 0xff,
  ñ: 0xa4,
};
const ascii = { '≥': '>=', '€': 'EUR', '’': "'", '—': '-', '–': '-', œ: 'oe', Œ: 'OE' };
function encode(text) {
  if (opt.encoding === 'utf-8') return Buffer.from(text, 'utf8');
  const table =
    opt.encoding === 'windows-1252' ? CP1252 : opt.encoding === 'cp850' ? CP850 : { '€': 0xa4, œ: 0xbd, Œ: 0xbc };
  const latin = opt.encoding !== 'cp850';
  let out = '';
  for (const ch of text) {
    const c = ch.codePointAt(0);
    if (c < 0x80) out += ch;
    else if (table[ch] !== undefined) out += String.fromCharCode(table[ch]);
    else if (latin && c < 0x100) out += ch;
    else out += ascii[ch] ?? '?';
  }
  return Buffer.from(out, 'latin1');
}
const q = (s) =>
  s.includes(D) || s.includes('"') || s.includes('\n') || s.includes('\r') ? `"${s.replace(/"/g, '""')}"` : s;

const CUT = Date.UTC(2017, 4, 7) / 86400000; // 2017-05-07
const FIRST = Date.UTC(2009, 0, 5) / 86400000;
const LAST = Date.UTC(2021, 1, 19) / 86400000;
const fr = (day) => {
  const d = new Date(day * 86400000);
  return `${p2(d.getUTCDate())}/${p2(d.getUTCMonth() + 1)}/${d.getUTCFullYear()}`;
};

mkdirSync(opt.out, { recursive: true });
async function writer(name) {
  const s = createWriteStream(join(opt.out, name));
  let part = '';
  return {
    async row(cells) {
      part += cells.map(q).join(D) + NL;
      if (part.length > 1 << 18) {
        const b = encode(part);
        part = '';
        if (!s.write(b)) await once(s, 'drain');
      }
    },
    async end() {
      s.end(encode(part));
      await once(s, 'finish');
      return s.bytesWritten;
    },
  };
}

const PATIENT = [
  'ID_PATIENT',
  'NIR',
  'NOM',
  'PRENOMS',
  'SEXE',
  'DATE_NAISSANCE',
  'ADRESSE',
  'CODE_POSTAL',
  'VILLE',
  'TELEPHONE',
  'EMAIL',
  'DATE_DERNIERE_VISITE',
  'COMMENTAIRE P',
  'COMMENTAIRE D',
  'PRESC_NOM',
  'PRESC_PRENOM',
  'PRESC_ADRESSE',
  'PRESC_TEL',
  'PRESC_EMAIL',
  'PREL_NOM',
  'PREL_PRENOM',
  'PREL_ADRESSE',
  'PREL_TEL',
  'ID_TIERS_PAYANT',
  'MUT_ADRESSE',
  'MUT_TEL',
  'IDENTIFIANT SR',
  'MP',
];
const RESULT = [
  'ID_PATIENT',
  'NUM_DOSSIER',
  'DATE_PRELEVEMENT',
  'CODE_NABM',
  'LIBELLE',
  'RESULTAT',
  'UNITE',
  'NORME',
  'COMMENTAIRE R',
];

const truth = {
  seed: Number(opt.seed),
  encoding: opt.encoding,
  delimiter: D,
  newline: opt.newline,
  cutoff: '2017-05-07',
  patients: { rows: 0, onOrAfterCutoff: 0, beforeCutoff: 0, emptyDate: 0, invalidDate: 0, bytes: 0, columns: PATIENT },
  results: { rows: 0, ofKeptPatients: 0, ofKeptPatientsOnOrAfterCutoff: 0, orphans: 0, bytes: 0, columns: RESULT },
  quirks: { quotedNewlines: 0, doubledQuotes: 0, trailingSpaces: 0, nbsp: 0, formulas: 0 },
};
const tel = () => `0${int(1, 7)}${Array.from({ length: 4 }, () => ` ${p2(int(0, 99))}`).join('')}`;
const addr = () => `${int(1, 250)}${rnd() < 0.08 ? ' bis' : ''}, ${pick(VOIES)}`;
const slug = (s) =>
  s
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase();

const pw = await writer('patients.csv');
const rw = await writer('results.csv');
await pw.row(PATIENT);
await rw.row(RESULT);
let beforeLeft = BEFORE;
let dossier = 100000;
for (let i = 0; i < N; i++) {
  const isBefore = rnd() < beforeLeft / (N - i);
  if (isBefore) beforeLeft--;
  const f = rnd() < 0.52;
  const nom = pick(NOMS);
  const pren = pick(f ? PREN_F : PREN_M) + (rnd() < 0.2 ? `-${pick(f ? PREN_F : PREN_M)}` : '');
  const by = int(1925, 2020),
    bm = int(1, 12),
    bd = int(1, 28);
  const dep = p2(int(1, 95));
  const body = `${f ? 2 : 1}${p2(by % 100)}${p2(bm)}${dep}${String(int(1, 990)).padStart(3, '0')}${String(int(1, 999)).padStart(3, '0')}`;
  const nir = body + p2(97 - Number(BigInt(body) % 97n));
  let visit,
    kept = false;
  if (isBefore) visit = fr(int(FIRST, CUT - 1));
  else visit = fr(rnd() < 0.002 ? CUT : int(CUT, LAST));
  if (opt.quirks && rnd() < 0.004) {
    if (isBefore) beforeLeft++; // keep the before-count exact
    if (rnd() < 0.5) {
      visit = '';
      truth.patients.emptyDate++;
    } else {
      visit = pick(['31/02/2019', '00/00/0000', '29/02/2018', '1/13/2019', '07-05-2017']);
      truth.patients.invalidDate++;
    }
  } else if (isBefore) truth.patients.beforeCutoff++;
  else {
    truth.patients.onOrAfterCutoff++;
    kept = true;
  }
  let comP = pick(COM_P),
    comD = pick(COM_D),
    name = nom,
    adr = addr();
  if (opt.quirks) {
    if (rnd() < 0.01) {
      comD = `vu le 03/02${NL}${comD || 'RAS'}`;
      truth.quirks.quotedNewlines++;
    }
    if (rnd() < 0.01) {
      comP = `dit "${comP || 'rien'}"`;
      truth.quirks.doubledQuotes++;
    }
    if (rnd() < 0.005) {
      name = `${nom}  `;
      truth.quirks.trailingSpaces++;
    }
    if (rnd() < 0.005) {
      adr = adr.replace(' ', '\u00a0');
      truth.quirks.nbsp++;
    }
    if (rnd() < 0.002) {
      adr = pick(['=HYPERLINK("http://invalid.example")', '+33 rue', '@SUM(A1)', '-5']);
      truth.quirks.formulas++;
    }
  }
  const id = String(10000000 + i);
  const [cp, ville] = pick(VILLES);
  const [mcp, mv] = pick(VILLES);
  const dn = pick(NOMS),
    dp = pick(PREN_M),
    qn = pick(NOMS),
    qp = pick(PREN_F);
  await pw.row([
    id,
    nir,
    name,
    pren,
    f ? 'F' : 'M',
    `${p2(bd)}/${p2(bm)}/${by}`,
    adr,
    cp,
    ville,
    tel(),
    rnd() < 0.6 ? `${slug(pren)}.${slug(nom)}${int(1, 999)}@exemple.invalid` : '',
    visit,
    comP,
    comD,
    dn,
    dp,
    addr(),
    tel(),
    `dr.${slug(dn)}@cabinet.invalid`,
    qn,
    qp,
    addr(),
    tel(),
    String(int(100000000, 999999999)),
    `${addr()} ${mcp} ${mv}`,
    tel(),
    `${slug(nom).slice(0, 4)}${i}`,
    Math.floor(rnd() * 2 ** 40).toString(36),
  ]);
  truth.patients.rows++;
  for (let r = 0; r < RPP; r++) {
    const t = pick(TESTS);
    const day = int(FIRST, LAST);
    const orphan = opt.quirks && rnd() < 0.001;
    await rw.row([
      orphan ? String(90000000 + i) : id,
      String(dossier++),
      fr(day),
      t[0],
      t[1],
      String((rnd() * 100).toFixed(2)).replace('.', ','),
      t[2],
      t[3],
      rnd() < 0.03 ? pick(COM_D) : '',
    ]);
    truth.results.rows++;
    if (orphan) truth.results.orphans++;
    else if (kept) {
      truth.results.ofKeptPatients++;
      if (day >= CUT) truth.results.ofKeptPatientsOnOrAfterCutoff++;
    }
  }
}
truth.patients.bytes = await pw.end();
truth.results.bytes = await rw.end();
writeFileSync(join(opt.out, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
console.log(
  JSON.stringify({
    patients: truth.patients.rows,
    beforeCutoff: truth.patients.beforeCutoff,
    results: truth.results.rows,
    bytes: truth.patients.bytes + truth.results.bytes,
  }),
);
