/** Extraction: sources, scanner, allow-list, window and accounting. */
export type { PlaintextSink } from './csv-writer.ts';
export {
  type DatasetExtraction,
  type ExtractionOptions,
  type ExtractionProgress,
  extractDataset,
  type OnMalformed,
} from './dataset-extraction.ts';
export type { DatasetProgress } from './dataset-reading.ts';
export { dryRun } from './dry-run.ts';
export { extractJob, type JobExtractionOptions } from './extraction.ts';
export type { ColumnProfile } from './inspect/column-profile.ts';
export { type Inspection, type InspectionOptions, inspectSource } from './inspect/inspection.ts';
export type { Kind } from './inspect/kind.ts';
export type { InspectionWarning, WarningCode } from './inspect/warning.ts';
export type { DatasetReading, SourceOrigin } from './job-sources.ts';
export { LinkKeys } from './link-keys.ts';
export { forecastLinkMemory, type LinkMemory } from './link-memory.ts';
export { type RecomputedDataset, recompute } from './recomputation.ts';
export { type FileIdentity, openFileSource, pipeSource, type Source } from './source.ts';
