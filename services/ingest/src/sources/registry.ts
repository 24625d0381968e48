import { httpSource } from './http/http-source.ts';
import type { Source } from './source.ts';

/** Every way in. To add one: a folder beside this file and a line here. */
export const sources: readonly Source[] = [httpSource];
