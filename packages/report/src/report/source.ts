/** What a report is written from. */
import type { Recount } from '@sealift/core/claims';
import type { UtcTime } from '@sealift/core/ids';
import { currentInstructions, type Story } from '@sealift/core/journal';
import type { Language } from '../language/language.ts';

/** How the manifest was checked before the report was written. */
export interface Checked {
  /** When; absent: the report names no time but those of the signed documents, and the same manifest gives the same report. */
  readonly at?: UtcTime;
  /** Whether the laboratory's roster was given by file, or is the one that this machine has pinned. */
  readonly roster: 'given' | 'pinned';
  /** How many entries an earlier manifest has that the reader kept, and that this one continues. */
  readonly witness?: number;
}

/** A verified manifest, and how to write of it. */
export interface ReportSource {
  readonly story: Story;
  readonly language: Language;
  readonly checked: Checked;
  /** What the laboratory counted in its own copy, where it has one. */
  readonly recomputed?: readonly Recount[];
}

/** The time against which deadlines are held: that of the check, else that of the last thing signed. */
export function asOf({ story, checked }: ReportSource): UtcTime {
  return checked.at ?? story.chain.time ?? currentInstructions(story).signed.issued;
}
