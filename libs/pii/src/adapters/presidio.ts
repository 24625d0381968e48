import type { NamedSpan, NameFinder } from '../second-pass.ts';
import { NameFinderError } from './name-finder-error.ts';

export interface PresidioOptions {
  /** The analyzer's address, for example `http://localhost:5002`. */
  readonly url: string;
  readonly language?: string;
  /** What the service is asked for; default: PERSON, LOCATION, NRP. */
  readonly entities?: readonly string[];
  readonly scoreThreshold?: number;
  readonly timeoutMs?: number;
}

/** Presidio's REST analyzer as a `NameFinder`. */
export function createPresidioFinder(options: PresidioOptions): NameFinder {
  const url = new URL('/analyze', options.url);
  const body = {
    language: options.language ?? 'en',
    entities: options.entities ?? ['PERSON', 'LOCATION', 'NRP'],
    score_threshold: options.scoreThreshold ?? 0.5,
  };
  return {
    findNames: async (text) => {
      if (text.trim() === '') return [];
      const answer = await post(url, { text, ...body }, options.timeoutMs ?? 2000);
      return toNamedSpans(answer, text);
    },
  };
}

/** What the analyzer says of a text it cannot read: 500 is its answer to whatever its recognizers raise. */
const REFUSALS: ReadonlySet<number> = new Set([400, 413, 422, 500]);

async function post(url: URL, body: unknown, timeoutMs: number): Promise<unknown> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok)
      throw new NameFinderError(`asking ${url.origin}: status ${response.status}`, {
        isRefusal: REFUSALS.has(response.status),
      });
    return await response.json();
  } catch (error) {
    if (error instanceof NameFinderError) throw error;
    throw new NameFinderError(`asking ${url.origin}: ${reasonOf(error)}`, { cause: error });
  }
}

const unlikeAgreed = (message: string): NameFinderError => new NameFinderError(message, { isRefusal: true });

const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : 'failed');

/** Presidio is Python and counts code points; JavaScript counts UTF-16 units. An emoji before a name sets them apart. */
function toNamedSpans(answer: unknown, text: string): NamedSpan[] {
  if (!Array.isArray(answer)) throw unlikeAgreed('the answer is not a list of results');
  const units = unitsOfPoints(text);
  return answer.map((result: unknown) => {
    if (!isResult(result)) throw unlikeAgreed('a result has no entity_type, start and end');
    const start = units[result.start];
    const end = units[result.end];
    if (start === undefined || end === undefined) throw unlikeAgreed('a result lies outside the text');
    return { start, end, type: result.entity_type };
  });
}

interface PresidioResult {
  readonly entity_type: string;
  readonly start: number;
  readonly end: number;
}

const isResult = (value: unknown): value is PresidioResult =>
  typeof value === 'object' &&
  value !== null &&
  'entity_type' in value &&
  typeof value.entity_type === 'string' &&
  'start' in value &&
  Number.isInteger(value.start) &&
  'end' in value &&
  Number.isInteger(value.end);

function unitsOfPoints(text: string): number[] {
  const units: number[] = [];
  let at = 0;
  for (const character of text) {
    units.push(at);
    at += character.length;
  }
  units.push(at);
  return units;
}
