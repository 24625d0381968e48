import { NameFinderError } from '@assay/pii/adapters/name-finder-error';
import type { NamedSpan, NameFinder } from '@assay/pii/second-pass';
import { PipelineError } from '@assay/shared/errors/pipeline-error';
import { piecesOf, type Piece } from './domain/text-pieces.ts';

/** Enough for a service to be busy, and few enough that those that wait for a network in this process are not late. */
const ASKED_AT_ONCE = 4;

/** A text that is refused is asked about again, after another one was read. */
export const ASKED_BETWEEN_HEARTBEATS = 3;

/** Holds no name, so that what is asked tells only whether anybody answers. */
const PROBE = 'is anybody there';

/** Nothing without a letter is a name: amounts, numbers and blanks are not asked about. */
const HOLDS_LETTER = /\p{L}/u;

/** The names in texts, each of which is asked about once, a few at a time. */
export async function askNames(
  finder: NameFinder,
  texts: Iterable<string>,
  keepAlive: () => Promise<void>,
): Promise<ReadonlyMap<string, readonly NamedSpan[]>> {
  const found = new Map<string, NamedSpan[]>();
  const questions: { readonly spans: NamedSpan[]; readonly piece: Piece }[] = [];
  for (const text of texts) {
    if (found.has(text) || !HOLDS_LETTER.test(text)) continue;
    const spans: NamedSpan[] = [];
    found.set(text, spans);
    for (const piece of piecesOf(text)) questions.push({ spans, piece });
  }
  for (let at = 0; at < questions.length; at += ASKED_AT_ONCE) {
    if (at > 0) await keepAlive();
    const asked = questions.slice(at, at + ASKED_AT_ONCE);
    // All of them are over before the lane tries again, or an outage would pile up questions.
    const answers = await Promise.allSettled(asked.map(({ piece }) => askAbout(finder, piece.text)));
    answers.forEach((answer, i) => {
      if (answer.status === 'rejected') throw answer.reason;
      const { spans, piece } = asked[i]!;
      for (const { start, end, type } of answer.value)
        spans.push({ start: start + piece.start, end: end + piece.start, type });
    });
  }
  return found;
}

/** Whether the deep pass answers, for `/ready`. */
export async function probe(finder: NameFinder): Promise<void> {
  await finder.findNames(PROBE);
}

/**
 * An outage, unless it is shown to be the text's fault: refused twice while another text is read in between. Only this
 * makes a dead letter, so that a service that fails on everything never makes one of every ticket.
 */
async function askAbout(finder: NameFinder, text: string): Promise<readonly NamedSpan[]> {
  try {
    return await finder.findNames(text);
  } catch (error) {
    if (!isRefusal(error)) throw outageOf(error);
  }
  try {
    await probe(finder);
  } catch (error) {
    throw outageOf(error);
  }
  try {
    return await finder.findNames(text);
  } catch (error) {
    if (!isRefusal(error)) throw outageOf(error);
    const message = `the deep pass fails on this ticket and not on others: ${error.message}`;
    throw new PipelineError('CONTRACT_VIOLATED', message, { cause: error, dependency: 'deep-pass' });
  }
}

const isRefusal = (error: unknown): error is NameFinderError => error instanceof NameFinderError && error.isRefusal;

/** A bug of ours passes. */
const outageOf = (error: unknown): unknown =>
  error instanceof NameFinderError
    ? new PipelineError('DEPENDENCY_UNAVAILABLE', `the deep pass: ${error.message}`, {
        cause: error,
        dependency: 'deep-pass',
      })
    : error;
