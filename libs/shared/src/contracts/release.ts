import { z } from 'zod';

/** A line of `clean_training_dataset.jsonl`: one document that was gold when the release was made. */
export const cleanLineSchema = z.object({
  doc_id: z.string(),
  text: z.string(),
  label: z.unknown().optional().describe('When the document has one field.'),
  labels: z.record(z.string(), z.unknown()).optional().describe('{field: label} when it has more.'),
  confidence_score: z.number(),
  annotators: z.array(z.string()),
  decided_at: z.string(),
  version: z.int().positive(),
});
export type CleanLine = z.output<typeof cleanLineSchema>;

/** `manifest.json` beside a release, and what HTTP answers about one. */
export const releaseManifestSchema = z.object({
  release: z.int().positive(),
  file: z.string().describe('Blob in container gold.'),
  sha256: z.string().describe('Of the file.'),
  bytes: z.int().nonnegative(),
  line_count: z.int().nonnegative().describe('Documents in it.'),
  last_seq: z.int().nonnegative().describe('It says what the gold stream says up to this line.'),
  rules_versions: z.record(z.string(), z.int()).describe('{rules version: documents decided by it}.'),
  planned_at: z.string(),
});
export type ReleaseManifest = z.output<typeof releaseManifestSchema>;

/** The one blob that changes: a copy of the newest release's manifest. */
export const LATEST_RELEASE = 'releases/latest';
