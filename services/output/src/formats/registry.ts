import type { ReleaseFormat } from './format.ts';
import { jsonl } from './jsonl/jsonl.ts';

/** Every format a training set can be written in. To add one: a folder beside this file and a line here. */
export const releaseFormats: readonly ReleaseFormat[] = [jsonl];
