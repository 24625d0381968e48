import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One exchange with a running server, as it was recorded. */
export interface Sample {
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly headers: object;
    readonly body?: unknown;
  };
  readonly response: { readonly status: number; readonly body: unknown };
}

export function sample(tool: 'label-studio' | 'argilla', name: string): Sample {
  const path = join(import.meta.dirname, '..', '..', 'testdata', tool, `${name}.json`);
  return JSON.parse(readFileSync(path, 'utf8')) as Sample;
}
