import { NameFinderError } from '@assay/pii/adapters/name-finder-error';
import type { NameFinder } from '@assay/pii/second-pass';
import { describe, expect, it } from 'vitest';
import { askNames, ASKED_BETWEEN_HEARTBEATS } from './ask-names.ts';
import { PIECE_MAX_LENGTH } from './domain/text-pieces.ts';

const stillAlive = async (): Promise<void> => {};
const refusal = () => new NameFinderError('asking it: status 500', { isRefusal: true });

/** Answers as it is told, for each text the first time, the second time … */
function finderOf(answer: (text: string, time: number) => Awaited<ReturnType<NameFinder['findNames']>>) {
  const asked: string[] = [];
  const finder: NameFinder = {
    findNames: async (text) => {
      asked.push(text);
      await Promise.resolve();
      return answer(text, asked.filter((each) => each === text).length);
    },
  };
  return { finder, asked };
}

describe('asking for names', () => {
  it('asks about each text once, and not about what holds no letter', async () => {
    const { finder, asked } = finderOf(() => []);
    await askNames(finder, ['a', 'b', 'a', '', ' ', '4711', '12,50'], stillAlive);
    expect(asked).toEqual(['a', 'b']);
  });

  it('has at most four questions under way, and gives a sign of life between', async () => {
    let under = 0;
    let most = 0;
    let signs = 0;
    const finder: NameFinder = {
      findNames: async () => {
        most = Math.max(most, ++under);
        await Promise.resolve();
        under--;
        return [];
      },
    };
    const texts = Array.from({ length: 10 }, (_, n) => `text ${n}`);
    await askNames(finder, texts, async () => {
      expect(under).toBe(0);
      signs++;
    });
    expect([most, signs]).toEqual([4, 2]);
  });

  it('asks about a long text in pieces, and says where in the whole a name stands', async () => {
    const text = `${'word '.repeat(PIECE_MAX_LENGTH)}Jane came.`;
    const { finder, asked } = finderOf((piece) => {
      const start = piece.indexOf('Jane');
      return start < 0 ? [] : [{ start, end: start + 4, type: 'PERSON' }];
    });
    const found = await askNames(finder, [text], stillAlive);
    expect(asked.length).toBeGreaterThan(2);
    expect(found.get(text)!.map(({ start, end }) => text.slice(start, end))).toEqual(['Jane']);
  });
});

describe('a deep pass that fails', () => {
  it('is an outage that names it, once all questions under way are over', async () => {
    const { finder, asked } = finderOf((text) => {
      if (text === 'a') throw new NameFinderError('asking it: TimeoutError');
      return [];
    });
    await expect(askNames(finder, ['a', 'b', 'c', 'd', 'e'], stillAlive)).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'deep-pass',
      retriable: true,
      message: 'the deep pass: asking it: TimeoutError',
    });
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
  });

  it('on everything is an outage: no ticket is blamed', async () => {
    const { finder } = finderOf(() => {
      throw refusal();
    });
    await expect(askNames(finder, ['a'], stillAlive)).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('twice on one text, and not on another between, refuses that text', async () => {
    const { finder, asked } = finderOf((text) => {
      if (text === 'secret words') throw refusal();
      return [];
    });
    const failure = await askNames(finder, ['secret words'], stillAlive).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'CONTRACT_VIOLATED', dependency: 'deep-pass' });
    expect((failure as Error).message).not.toContain('secret');
    expect(asked).toHaveLength(ASKED_BETWEEN_HEARTBEATS);
  });

  it('once on a text is asked again', async () => {
    const { finder } = finderOf((text, time) => {
      if (text === 'a' && time === 1) throw refusal();
      return text === 'a' ? [{ start: 0, end: 1, type: 'PERSON' }] : [];
    });
    expect((await askNames(finder, ['a'], stillAlive)).get('a')).toHaveLength(1);
  });

  it('by a bug of ours is neither', async () => {
    const bug = new TypeError('x is undefined');
    const { finder } = finderOf(() => {
      throw bug;
    });
    await expect(askNames(finder, ['a'], stillAlive)).rejects.toBe(bug);
  });
});
