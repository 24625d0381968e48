import { z } from 'zod';

/** A training example: one document that was gold when the release was made. A line of `clean_training_dataset.jsonl`. */
export const cleanLineSchema = z.object({
  doc_id: z.string(),
  text: z.string(),
  label: z.unknown().optional().describe('When the document has one field.'),
  labels: z.record(z.string(), z.unknown()).optional().describe('{field: label} when it has more.'),
  confidence_score: z.number(),
  annotators: z.array(z.string()),
  decided_at: z.string(),
  life: z.int().positive().optional().describe('Of the database it was decided in; 1 where it is absent.'),
  version: z.int().positive(),
});
export type CleanLine = z.output<typeof cleanLineSchema>;

/** One file of a release. */
export const releaseFileSchema = z.object({
  name: z.string().describe('Beside the manifest, and at the end of its address.'),
  format: z.string(),
  media_type: z.string(),
  sha256: z.string().describe('Of its bytes.'),
  bytes: z.int().nonnegative(),
  line_count: z.int().nonnegative().describe('Documents in it.'),
});
export type ReleaseFile = z.output<typeof releaseFileSchema>;

/** The file that every release has, whatever other formats it is made in. */
export const JSONL_FILE = 'clean_training_dataset.jsonl';

/** `manifest.json` beside a release, and what HTTP answers about one. `file` to `line_count` tell of the JSONL file. */
export const releaseManifestSchema = z.object({
  release: z.int().positive(),
  file: z.string().describe('Blob of the JSONL file in container gold.'),
  sha256: z.string().describe('Of the JSONL file.'),
  bytes: z.int().nonnegative().describe('Of the JSONL file.'),
  line_count: z.int().nonnegative().describe('Documents in the release.'),
  last_seq: z.int().nonnegative().describe('It says what the gold stream says up to this line.'),
  rules_versions: z.record(z.string(), z.int()).describe('{rules version: documents decided by it}.'),
  planned_at: z.string(),
  files: z
    .array(releaseFileSchema)
    .describe('Every file, by name. The manifest.json of a release made before there were formats does not list them.'),
});
export type ReleaseManifest = z.output<typeof releaseManifestSchema>;

/** The one blob that changes: a copy of the newest release's manifest. */
export const LATEST_RELEASE = 'releases/latest';
