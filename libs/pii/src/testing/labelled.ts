import { readFileSync } from 'node:fs';

/** `[start, end, type, value]`: UTF-16 code units, end exclusive. */
export type LabelledSpan = readonly [start: number, end: number, type: string, value: string];

export interface LabelledText {
  readonly id: string;
  readonly lang: string;
  readonly text: string;
  readonly spans: readonly LabelledSpan[];
}

export interface LabelledTicket extends LabelledText {
  readonly register: 'mail' | 'chat' | 'call' | 'form' | 'terse' | 'note';
  readonly letters?: 'lower' | 'upper';
}

/** A text that looks as if something were to be masked in it. */
export interface Trap extends LabelledText {
  readonly group: string;
}

export const readTickets = (): readonly LabelledTicket[] => readRows('tickets') as readonly LabelledTicket[];
export const readTraps = (): readonly Trap[] => readRows('traps') as readonly Trap[];

function readRows(name: string): readonly unknown[] {
  const file = new URL(`../../testdata/tickets/${name}.jsonl`, import.meta.url);
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}
