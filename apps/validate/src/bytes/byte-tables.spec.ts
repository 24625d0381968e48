import fc from 'fast-check';
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ByteHash } from './byte-hash.ts';
import { ByteDictionary } from './byte-dictionary.ts';
import { FileWriter } from './file-writer.ts';
import { escapeJsonBytes, escapedJsonLength } from './json-escape.ts';
import { TextStore } from '../rows/text-store.ts';
import { inTemporaryFolder } from '../testing/validate-files.ts';

describe('ByteDictionary', () => {
  it('numbers distinct keys in order of first sight, and keeps kinds apart', () => {
    const index = new ByteDictionary(new ByteHash(1));
    const idOf = (text: string, kind = 0) => {
      const bytes = Buffer.from(`<${text}>`);
      return index.idOf(kind, bytes, 1, bytes.length - 1);
    };
    expect([idOf('a'), idOf('b'), idOf('a'), idOf('a', 1), idOf(''), idOf('a', 1)]).toEqual([0, 1, 0, 2, 3, 2]);
    expect([index.textOf(1), index.textOf(3), index.kindOf(2), index.size]).toEqual(['b', '', 1, 4]);
  });

  it('agrees with a Map on thousands of keys, even where all hashes collide', () => {
    class Collision extends ByteHash {
      override update(): void {
        this.low = 7;
      }
    }
    for (const [hash, count] of [
      [new ByteHash(99), 20_000],
      [new Collision(0), 600],
    ] as const) {
      const index = new ByteDictionary(hash);
      const known = new Map<string, number>();
      for (let at = 0; at < count; at += 1) {
        const key = `key ${(at * 7919) % (count / 2)}`;
        const bytes = Buffer.from(key);
        known.set(key, known.get(key) ?? known.size);
        expect(index.idOf(0, bytes, 0, bytes.length)).toBe(known.get(key));
      }
      expect(index.size).toBe(known.size);
    }
  });
});

describe('ByteHash', () => {
  it('depends on every byte, on the length and on the seed, and not on where the bytes lie', () => {
    const hash = (text: string, seed = 5, before = '') => {
      const bytes = Buffer.from(before + text);
      const made = new ByteHash(seed);
      made.update(bytes, before.length, bytes.length);
      return `${made.low} ${made.high}`;
    };
    const text = 'The quick brown fox jumps over the lazy dog';
    const changed = Array.from({ length: text.length }, (_, at) => hash(`${text.slice(0, at)}#${text.slice(at + 1)}`));
    const shorter = Array.from({ length: text.length }, (_, at) => hash(text.slice(0, at)));
    expect(new Set([hash(text), hash(text, 6), ...changed, ...shorter]).size).toBe(2 * text.length + 2);
    expect(hash(text, 5, 'xyz')).toBe(hash(text));
  });
});

describe('escapeJsonBytes', () => {
  it('writes what JSON.stringify writes', () => {
    const texts = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed());
    fc.assert(
      fc.property(
        fc.oneof(texts, fc.string({ unit: fc.constantFrom('"', '\\', '\n', '\u0001', '\u001f', '\u007f', 'é') })),
        (text) => {
          const bytes = Buffer.from(text);
          const to = Buffer.alloc(bytes.length * 6 + 2);
          const length = escapeJsonBytes(bytes, 0, bytes.length, to, 1);
          expect(to.subarray(1, 1 + length).toString()).toBe(JSON.stringify(text).slice(1, -1));
          expect(escapedJsonLength(bytes, 0, bytes.length)).toBe(length);
        },
      ),
    );
  });
});

describe('FileWriter', () => {
  it('writes pieces of any size and takes back what came after a position', async () => {
    await inTemporaryFolder(async (folder) => {
      const path = join(folder, 'file');
      const writer = new FileWriter(path);
      const large = Buffer.alloc(3_000_000, 'x');
      writer.text('a€');
      writer.bytes(large, 0, large.length);
      const { position } = writer;
      writer.text('y'.repeat(2_000_000));
      writer.truncate(position);
      writer.text('end');
      writer.close();
      expect(position).toBe(large.length + 4);
      expect(readFileSync(path, 'utf8')).toBe(`a€${large.toString()}end`);
    });
  });
});

describe('TextStore', () => {
  it('keeps a text once for its document and gives every text back', async () => {
    await inTemporaryFolder(async (folder) => {
      const store = new TextStore(join(folder, 'texts'), new ByteHash(3));
      const put = (text: string, known = -1) => {
        const bytes = Buffer.from(text);
        return store.idOf(known, bytes, 0, bytes.length);
      };
      const texts = ['plain', 'q "\n', `${'é\n'.repeat(400_000)}`, 'x'.repeat(5_000_000), ''];
      const ids = texts.map((text) => put(text));
      expect(ids).toEqual([0, 1, 2, 3, 4]);
      expect(put('plain', 0)).toBe(0);
      const copy = put('plain', 1);
      expect(copy).toBe(5);
      expect([store.isSame(0, copy), store.isSame(0, 1), store.isSame(-1, -1), store.isSame(-1, 0)]).toEqual([
        true,
        false,
        true,
        false,
      ]);
      const reader = store.finish();
      try {
        for (const id of [0, 2, 3, 1, 4]) expect(reader.text(id)).toBe(texts[id]);
      } finally {
        reader.close();
      }
    });
  });
});
