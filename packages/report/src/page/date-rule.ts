/** The date rule of a dataset in both languages. */
import { type Bound, type DateRule, type Window, windowsOf } from '@sealift/core/window';
import { english } from '../language/english.ts';
import { french } from '../language/french.ts';

const { text: en } = english;
const { text: fr } = french;

/** The date rule of a dataset in English. */
export function englishDateRule(rule: DateRule): string[] {
  const windows = windowsOf(rule);
  const [only] = windows;
  if (windows.length === 1 && only !== undefined) {
    return [en`A row leaves only if ${conditionInEnglish(only)}.`, faultLineInEnglish('A row whose date', only)];
  }
  const how = 'any' in rule ? 'at least one of these conditions holds' : 'each of these conditions holds';
  return [
    en`A row leaves only if ${how}:`,
    ...windows.map((window, index) => en`- ${conditionInEnglish(window)}${index < windows.length - 1 ? ';' : '.'}`),
    ...windows.map((window) => faultLineInEnglish(en`A row whose date “${window.field}”`, window, 'any' in rule)),
  ];
}

function conditionInEnglish({ field: name, format, pivot, from, to }: Window): string {
  const bounds = [
    from === undefined ? undefined : en`${from.inclusive ? 'on or after' : 'after'} ${dayOfBoundInEnglish(from)}`,
    to === undefined ? undefined : en`${to.inclusive ? 'on or before' : 'before'} ${dayOfBoundInEnglish(to)}`,
  ].filter((bound) => bound !== undefined);
  const years =
    pivot === undefined ? '' : en`, its years of two digits from ${String(pivot)} to ${String(pivot + 99)},`;
  return en`its date “${name}”, written ${ENGLISH_FORMATS[format] ?? format}${years}${years === '' ? ',' : ''} is ${bounds.join(' and ')}`;
}

const ENGLISH_FORMATS: Readonly<Record<string, string>> = {
  'epoch-seconds': 'as seconds since 1970-01-01T00:00:00Z',
  'epoch-milliseconds': 'as milliseconds since 1970-01-01T00:00:00Z',
};

function dayOfBoundInEnglish({ date, offset, inclusive }: Bound): string {
  const where = offset === undefined ? '' : en` at UTC${offset}`;
  return en`${english.day(date)}${where} (that day ${inclusive ? 'included' : 'excluded'})`;
}

/** Where one of several windows is enough, a row without one of the dates may still leave. */
function faultLineInEnglish(subject: string, { emptyDate, impossibleDate }: Window, unless = false): string {
  const faults = {
    withhold: unless ? 'stays, unless another condition holds' : 'stays',
    refuse: 'stops the extraction',
  } as const;
  return en`${subject} is empty ${faults[emptyDate]}; one whose date is impossible ${faults[impossibleDate]}.`;
}

/** The date rule of a dataset in French. */
export function frenchDateRule(rule: DateRule): string[] {
  const windows = windowsOf(rule);
  const [only] = windows;
  if (windows.length === 1 && only !== undefined) {
    return [
      fr`Une ligne ne sort que si ${conditionInFrench(only)}.`,
      faultLineInFrench('Une ligne dont la date', only),
    ];
  }
  const how = 'any' in rule ? fr`l'une au moins de ces conditions est remplie` : 'toutes ces conditions sont remplies';
  return [
    fr`Une ligne ne sort que si ${how} :`,
    ...windows.map((window, index) =>
      index < windows.length - 1 ? fr`- ${conditionInFrench(window)} ;` : fr`- ${conditionInFrench(window)}.`,
    ),
    ...windows.map((window) =>
      faultLineInFrench(fr`Une ligne dont la date « ${window.field} »`, window, 'any' in rule),
    ),
  ];
}

function conditionInFrench({ field: name, format, pivot, from, to }: Window): string {
  const bounds = [
    from === undefined ? undefined : fr`${orEqual(from)}postérieure au ${dayOfBoundInFrench(from)}`,
    to === undefined ? undefined : fr`${orEqual(to)}antérieure au ${dayOfBoundInFrench(to)}`,
  ].filter((bound) => bound !== undefined);
  const years =
    pivot === undefined ? '' : fr`, les années à deux chiffres allant de ${String(pivot)} à ${String(pivot + 99)}`;
  return fr`sa date « ${name} », écrite ${FRENCH_FORMATS[format] ?? format}${years}, est ${bounds.join(' et ')}`;
}

const FRENCH_FORMATS: Readonly<Record<string, string>> = {
  'epoch-seconds': 'en secondes depuis 1970-01-01T00:00:00Z',
  'epoch-milliseconds': 'en millisecondes depuis 1970-01-01T00:00:00Z',
};

/** « postérieure » alone leaves the day itself out. */
function orEqual({ inclusive }: Bound): string {
  return inclusive ? 'égale ou ' : '';
}

function dayOfBoundInFrench({ date, offset, inclusive }: Bound): string {
  const where = offset === undefined ? '' : fr` à l'heure UTC${offset}`;
  return fr`${french.day(date)}${where} (ce jour ${inclusive ? 'inclus' : 'exclu'})`;
}

/** Where one of several windows is enough, a row without one of the dates may still leave. */
function faultLineInFrench(subject: string, { emptyDate, impossibleDate }: Window, unless = false): string {
  const faults = {
    withhold: unless ? fr`reste, sauf si une autre condition est remplie` : 'reste',
    refuse: fr`arrête l'extraction`,
  } as const;
  return fr`${subject} est vide ${faults[emptyDate]} ; une ligne dont la date est impossible ${faults[impossibleDate]}.`;
}
