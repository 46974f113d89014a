/** Countries, as far as transfers depend on them (GDPR chapter V, F07). */

/**
 * The European Economic Area (ISO 3166-1 alpha-2): the Union, its outermost regions that have a code of their own (Art. 355(1) TFEU: GP, MQ, GF,
 * RE, YT, MF) and the Åland Islands, then Iceland, Liechtenstein and Norway.
 */
const EEA: ReadonlySet<string> = new Set(
  [
    'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE',
    'GP MQ GF RE YT MF AX',
    'IS LI NO',
  ].flatMap((codes) => codes.split(' ')),
);

/** Whether a country belongs to the European Economic Area. */
export function isInEea(country: string): boolean {
  return EEA.has(country);
}
