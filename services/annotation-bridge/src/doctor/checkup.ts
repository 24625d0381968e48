/** What was looked at, and what to do where it is not as it should be. */
export interface Finding {
  readonly what: string;
  /** Undefined where all is well. */
  readonly fix?: string;
}

/** Findings one after the other; it ends early where nothing further could be asked. */
export type Checkup = AsyncGenerator<Finding, void, undefined>;

/** Dates of two machines are compared: a pull reads the last minute again, and a signature is good for five. */
const CLOCK_TOLERANCE_MS = 30_000;

export function clockFinding(at: Date | null, now: Date): Finding {
  if (at === null) return { what: 'its clock is not told' };
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const what = `its clock is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead of'} ours`;
  if (Math.abs(seconds) * 1000 <= CLOCK_TOLERANCE_MS) return { what };
  return { what, fix: 'let both machines set their clocks by NTP: answers are fetched by their dates.' };
}

/** An address as a tool is told to call it. */
export function webhookHostFinding(url: string): Finding {
  const { hostname } = new URL(url);
  const what = `webhooks go to ${hostname}`;
  const isName = !/^[\d.]+$|^\[/.test(hostname) && hostname !== 'localhost';
  if (!isName || hostname.includes('.')) return { what };
  return {
    what,
    fix: 'give the bridge a name with a dot in it: Label Studio takes no other, such as a name of compose.',
  };
}
