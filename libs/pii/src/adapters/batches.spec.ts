import { describe, expect, it } from 'vitest';
import { Batches, type TokenClassifier } from './batches.ts';

type Answer = (scores: readonly Float32Array[]) => void;

/** A network that is at work until it is told its answer. */
class SlowClassifier implements TokenClassifier {
  readonly asked: number[][] = [];
  readonly #answers: Answer[] = [];

  classify(batch: readonly (readonly number[])[]): Promise<readonly Float32Array[]> {
    this.asked.push(batch.map((ids) => ids[0] as number));
    return new Promise((resolve) => this.#answers.push(resolve));
  }

  /** Answers the running batch with the first id of each list. */
  async finish(): Promise<void> {
    const batch = this.asked.at(-1) ?? [];
    this.#answers.shift()?.(batch.map((id) => Float32Array.of(id)));
    await turn();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

describe('Batches', () => {
  it('asks for what came in meanwhile together, at most so many, one batch at a time', async () => {
    const classifier = new SlowClassifier();
    const batches = new Batches(classifier, 2);
    const all = Promise.all([1, 2, 3, 4, 5].map((id) => batches.scoresOf([id], never)));
    await turn();
    expect(classifier.asked).toEqual([[1, 2]]);
    await classifier.finish();
    await classifier.finish();
    await classifier.finish();
    expect(classifier.asked).toEqual([[1, 2], [3, 4], [5]]);
    expect((await all).map(([score]) => score)).toEqual([1, 2, 3, 4, 5]);
  });

  it('puts lists of about one length together', async () => {
    const classifier = new SlowClassifier();
    const batches = new Batches(classifier, 4);
    const long = (id: number): number[] => Array.from({ length: 100 }, () => id);
    const all = Promise.all([[1], long(2), [3], long(4)].map((ids) => batches.scoresOf(ids, never)));
    await turn();
    await classifier.finish();
    await classifier.finish();
    expect(classifier.asked).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect((await all).map(([score]) => score)).toEqual([1, 2, 3, 4]);
  });

  it('forgets what was aborted, waiting or asked for', async () => {
    const classifier = new SlowClassifier();
    const batches = new Batches(classifier, 1);
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = batches.scoresOf([1], running.signal).catch((error: unknown) => error);
    const second = batches.scoresOf([2], waiting.signal).catch((error: unknown) => error);
    const third = batches.scoresOf([3], never);
    await turn();
    running.abort(new Error('first'));
    waiting.abort(new Error('second'));
    expect([await first, await second].map(String)).toEqual(['Error: first', 'Error: second']);
    await classifier.finish();
    await classifier.finish();
    expect(classifier.asked).toEqual([[1], [3]]);
    expect((await third)[0]).toBe(3);
  });

  it('does not take what was aborted before', async () => {
    await expect(
      new Batches(new SlowClassifier(), 1).scoresOf([1], AbortSignal.abort(new Error('late'))),
    ).rejects.toThrow('late');
  });

  it('fails a batch and goes on', async () => {
    let calls = 0;
    const classifier: TokenClassifier = {
      classify: (batch) =>
        ++calls === 1 ? Promise.reject(new Error('down')) : Promise.resolve(batch.map(() => Float32Array.of(7))),
    };
    const batches = new Batches(classifier, 1);
    await expect(batches.scoresOf([1], never)).rejects.toThrow('down');
    await expect(batches.scoresOf([2], never)).resolves.toEqual(Float32Array.of(7));
  });
});
