/** Whether the purge that runs by itself still does: a dead cron job says nothing, so that something else has to ask (fault 64). */
import { SealiftError } from '@sealift/core';
import { timeValue, type UtcTime } from '@sealift/core/ids';
import type { Heartbeat } from '@sealift/core/node/attention';

/** A clock may be this far behind the one that wrote the heartbeat. */
const TOLERANCE_S = 3600;

/** What the heartbeat of a workspace says. */
export interface Silence {
  /** When the last `migrate purge --all` ended; null when none ever did. */
  readonly lastPurge: string | null;
  /** The longest silence that is in order, in seconds. */
  readonly maxSeconds: number;
  readonly error?: Pick<SealiftError, 'code' | 'message' | 'hint'>;
}

/** Compares the last sign of life with the longest silence allowed. */
export function silenceOf(heartbeat: Heartbeat | undefined, maxSeconds: number, now: UtcTime): Silence {
  const base = { lastPurge: heartbeat?.time ?? null, maxSeconds };
  const why = heartbeat === undefined ? NEVER : tooLate(heartbeat.time, maxSeconds, now);
  if (why === undefined) return base;
  const { code, message, hint } = new SealiftError('E_SILENCE', why, {
    hint: 'see why the timer or cron job does not run ("systemctl status sealift-purge.timer"), and run "migrate purge --all"',
  });
  return { ...base, error: { code, message, hint } };
}

const NEVER = '"migrate purge --all" never ran over this workspace';

function tooLate(last: UtcTime, maxSeconds: number, now: UtcTime): string | undefined {
  const seconds = (timeValue(now) - timeValue(last)) / 1000;
  if (seconds < -TOLERANCE_S) return `the last "migrate purge --all" ended in the future, at ${last}: a clock is wrong`;
  return seconds > maxSeconds ? `the last "migrate purge --all" ended at ${last}, too long ago` : undefined;
}
