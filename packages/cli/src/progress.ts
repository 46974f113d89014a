/** One line on standard error that says how far a long task is, how fast, and how much time is left. */

/** Counts of what is done so far. */
export interface Done {
  readonly bytes: number;
  readonly rows?: number;
}

/** The progress of one task. */
export interface Progress {
  /** Says how much is done in all; may be called as often as one likes. */
  update(done: Done): void;
  /** Takes the line away. */
  end(): void;
}

/** What a shown progress needs. */
export interface ProgressOptions {
  readonly task: string;
  /** Bytes in all, where known. */
  readonly total?: number | undefined;
  /** Bytes that were done before, by a former run; they don't count as fast. */
  readonly from?: number | undefined;
  /** Columns of the terminal. */
  readonly columns: number;
  show(text: string): void;
  /** Milliseconds of a clock that never goes back; the process's by default. */
  readonly clock?: () => number;
}

/** Between two lines, in milliseconds. */
const INTERVAL = 100;
/** Characters of a bar. */
const [NARROWEST_BAR, WIDEST_BAR] = [4, 20];
const GAP = '  ';
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Progress that nobody sees. */
export const hiddenProgress: Progress = { update: () => undefined, end: () => undefined };

/** Progress on a terminal, at most ten times a second. */
export function shownProgress(options: ProgressOptions): Progress {
  const clock = options.clock ?? (() => performance.now());
  const start = clock();
  let last = -INTERVAL;
  return {
    update(done) {
      const elapsed = clock() - start;
      if (elapsed - last < INTERVAL) return;
      last = elapsed;
      options.show(progressLine(options, done, elapsed / 1000).slice(0, options.columns - 1));
    },
    end: () => options.show(''),
  };
}

function progressLine(options: ProgressOptions, { bytes, rows }: Done, seconds: number): string {
  const { task, total, from = 0, columns } = options;
  const rate = seconds > 0 ? Math.max(bytes - from, 0) / seconds : 0;
  const figures = [size(bytes), ...(rows === undefined ? [] : [`${rows} rows`]), `${size(rate)}/s`];
  if (total === undefined) return [task, ...figures].join(GAP);
  if (rate > 0 && bytes < total) figures.push(`${duration((total - bytes) / rate)} left`);
  const share = total === 0 ? 1 : Math.min(bytes / total, 1);
  const percent = `${String(Math.floor(share * 100)).padStart(3)} %`;
  const bare = [task, percent, ...figures].join(GAP);
  return [task, bar(share, columns - 1 - bare.length) + percent, ...figures].join(GAP);
}

/** A bar of what the figures leave room for; none where that is too little to tell anything. */
function bar(share: number, room: number): string {
  const width = Math.min(room - '[] '.length, WIDEST_BAR);
  if (width < NARROWEST_BAR) return '';
  const full = Math.floor(share * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] `;
}

/** Bytes with a decimal unit: `66.0 MB`. */
function size(bytes: number): string {
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), 0), UNITS.length - 1);
  return power === 0 ? `${Math.round(bytes)} B` : `${(bytes / 1000 ** power).toFixed(1)} ${UNITS[power] ?? ''}`;
}

/** Seconds as `1:02:03` or `2:03`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(rest).padStart(2, '0')}`;
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}
