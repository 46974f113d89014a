/**
 * Rows by year, kept and withheld, as bars: an SVG without a script, whose places are percentages, so that it fits every width and its
 * letters keep their size. The numbers follow as a list, for those who do not see it and those who want them exact.
 */
import type { ExtractedDates } from '@sealift/core/statement';
import { html, type Markup } from './markup.ts';
import type { ReportLanguage } from './words.ts';

type ExtractedYear = ExtractedDates['years'][number];

/** One bar: a year, or ten. */
interface Bar {
  readonly label: string;
  readonly left: number;
  readonly stayed: number;
}

/** Years in one picture; more become decades. */
const MOST_BARS = 60;
/** In pixels: the whole, the ground line, the top of the highest bar. */
const [HEIGHT, GROUND, TOP] = [190, 162, 16];
/** In percent of the width: the room for the scale. */
const SCALE = 9;
const TICKS = 3;
/** At most so many years are written below the bars, for a narrow page. */
const LABELS = 6;

/** The figure of a dataset. */
export function yearsFigure(dates: ExtractedDates, undated: number, { words, set }: ReportLanguage): Markup {
  const { field, years, firstKept, lastKept } = dates;
  const bars = barsOf(years);
  const [first, last] = [years[0]?.year ?? 0, years.at(-1)?.year ?? 0];
  const sum = (of: (year: ExtractedYear) => number): number => years.reduce((total, year) => total + of(year), 0);
  const alternative = words.chart.alternative({
    first,
    last,
    left: sum(({ kept }) => kept),
    stayed: sum(({ withheld }) => withheld),
  });
  const remarks = [
    ...(firstKept === undefined || lastKept === undefined
      ? []
      : [words.chart.ends(set.day(firstKept), set.day(lastKept))]),
    ...(undated === 0 ? [] : [words.chart.undated(undated)]),
    ...(bars.length < years.length ? [words.chart.decades] : []),
  ];
  return html`<figure class="years">
<figcaption>${words.chart.title(field)}<span class="legend"><span class="key left"></span>${words.chart.left} <span class="key stayed"></span>${words.chart.stayed}</span></figcaption>
${picture(bars, alternative, new Intl.NumberFormat(set.language === 'fr' ? 'fr-FR' : 'en-GB', { notation: 'compact' }))}
<ul class="numbers">${bars.map(
    ({ label, left, stayed }) =>
      html`<li><span class="year">${label}</span> <span class="left"><span class="visually-hidden">${words.chart.left} </span>${set.number(left)}</span> <span class="stayed"><span class="visually-hidden">${words.chart.stayed} </span>${set.number(stayed)}</span></li>
`,
  )}</ul>
${remarks.length === 0 ? undefined : html`<p class="remark">${remarks.join(' ')}</p>`}
</figure>
`;
}

/** A bar for each year from the first to the last, as long as there are not too many. */
function barsOf(years: readonly ExtractedYear[]): Bar[] {
  const counted = new Map(years.map((year) => [year.year, year]));
  const [first, last] = [years[0]?.year ?? 0, years.at(-1)?.year ?? 0];
  if (last - first < MOST_BARS) {
    return Array.from({ length: years.length === 0 ? 0 : last - first + 1 }, (_, index) => {
      const { kept = 0, withheld = 0 } = counted.get(first + index) ?? {};
      return { label: String(first + index), left: kept, stayed: withheld };
    });
  }
  const decades = new Map<number, Bar>();
  for (const { year, kept, withheld } of years) {
    const decade = Math.floor(year / 10) * 10;
    const { left, stayed } = decades.get(decade) ?? { left: 0, stayed: 0 };
    const label = `${decade}–${String(decade + 9).slice(-2)}`;
    decades.set(decade, { label, left: left + kept, stayed: stayed + withheld });
  }
  return [...decades.values()];
}

function picture(bars: readonly Bar[], alternative: string, compact: Intl.NumberFormat): Markup {
  const most = Math.max(1, ...bars.map(({ left, stayed }) => left + stayed));
  const y = (rows: number): number => GROUND - ((GROUND - TOP) * rows) / most;
  const slot = (100 - SCALE) / Math.max(bars.length, 12);
  const every = Math.ceil(bars.length / LABELS);
  return html`<svg class="chart" width="100%" height="${String(HEIGHT)}" role="img" aria-label="${alternative}">
${ticksOf(most).map(
  (tick) =>
    html`<line class="grid" x1="${percent(SCALE)}" x2="100%" y1="${round(y(tick))}" y2="${round(y(tick))}"/><text class="tick" x="${percent(SCALE - 1)}" y="${round(y(tick) + 4)}" text-anchor="end">${compact.format(tick)}</text>
`,
)}${bars.map(({ label, left, stayed }, index) => {
  const x = SCALE + slot * (index + 0.15);
  const [middle, width] = [percent(SCALE + slot * (index + 0.5)), percent(slot * 0.7)];
  return html`${bar('left', { x, width, top: y(left), bottom: GROUND, rows: left })}${bar('stayed', { x, width, top: y(left + stayed), bottom: y(left), rows: stayed })}${index % every === 0 ? html`<text class="label" x="${middle}" y="${String(HEIGHT - 8)}" text-anchor="middle">${label}</text>` : undefined}
`;
})}<line class="ground" x1="${percent(SCALE)}" x2="100%" y1="${String(GROUND)}" y2="${String(GROUND)}"/>
</svg>`;
}

interface Block {
  /** In percent. */
  readonly x: number;
  readonly width: string;
  readonly top: number;
  readonly bottom: number;
  readonly rows: number;
}

/** A block is seen however few rows it stands for. */
function bar(kind: 'left' | 'stayed', { x, width, top, bottom, rows }: Block): Markup | undefined {
  if (rows === 0) return undefined;
  const height = Math.max(1.5, bottom - top);
  return html`<rect class="${kind}" x="${percent(x)}" width="${width}" y="${round(bottom - height)}" height="${round(height)}"/>`;
}

/** Three to six round numbers below the highest bar; whole ones, for rows are whole. */
function ticksOf(most: number): number[] {
  const power = 10 ** Math.floor(Math.log10(most / TICKS));
  const round = [5, 2, 1].map((factor) => factor * power).find((size) => size * TICKS <= most);
  const step = Math.max(1, Math.round(round ?? power));
  return Array.from({ length: Math.floor(most / step) }, (_, index) => step * (index + 1));
}

const round = (value: number): string => String(Math.round(value * 100) / 100);
const percent = (value: number): string => `${round(value)}%`;
