import { readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Whoever reads the file sees the old content or the new, never half of it. */
export function writeWhole(file: string, text: string, mode?: number): void {
  writeFileSync(`${file}.new`, text, mode === undefined ? {} : { mode });
  renameSync(`${file}.new`, file);
}

export const writeJson = (file: string, value: unknown, mode?: number): void =>
  writeWhole(file, `${JSON.stringify(value, null, 2)}\n`, mode);

/** Undefined where there is no such file, or one that a full disk has torn. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
