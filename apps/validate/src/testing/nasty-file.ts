/** What a run over one file must report. Rows that are not named are live; documents that are not named are gold. */
export interface NastyReport {
  readonly rows: number;
  readonly superseded?: number;
  readonly duplicate?: number;
  readonly rejected?: Readonly<Record<string, number>>;
  readonly disagreement?: number;
  readonly low_confidence?: number;
  readonly gold: number;
  readonly notes?: readonly unknown[];
}

export interface NastyFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The reason where the whole file is rejected. */
  readonly report: NastyReport | string;
}

export const HEADER = 'text,annotator_id,label,confidence_score';
export const LF = '\n';
export const CP1252_NOTE = { code: 'read_as_windows_1252' };

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

export function nasty(path: string, content: string | Uint8Array, report: NastyReport | string): NastyFile {
  return { path, bytes: bytesOf(content), report };
}

export const csv = (...lines: readonly string[]) => [HEADER, ...lines, ''].join(LF);
export const latin1 = (text: string) => Buffer.from(text, 'latin1');
export const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
export const rejected = (reason: string, count = 1) => ({ rows: count, rejected: { [reason]: count }, gold: 0 });
