/** Extraction: sources, scanner, allow-list, window and accounting. */
export type { PlaintextSink } from './csv-writer.ts';
export {
  type DatasetExtraction,
  type ExtractionOptions,
  type ExtractionProgress,
  extractDataset,
} from './dataset-extraction.ts';
export { extractJob, type JobExtractionOptions, type SourceOrigin } from './extraction.ts';
export { LinkKeys } from './link-keys.ts';
export { type FileIdentity, openFileSource, pipeSource, type Source } from './source.ts';
