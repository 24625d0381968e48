import { createHash } from 'node:crypto';

/** Numbers in [0, 1) that depend on the words alone: who read a ticket first or in which batch changes nothing. */
export function chancesOf(
  ...words: readonly string[]
): readonly [number, number, number, number, number, number, number, number] {
  const digest = createHash('sha256').update(words.join('\0')).digest();
  const at = (index: number): number => digest.readUInt32BE(index * 4) / 2 ** 32;
  return [at(0), at(1), at(2), at(3), at(4), at(5), at(6), at(7)];
}

export const pick = <T>(list: readonly T[], chance: number): T => list[Math.floor(chance * list.length)] as T;
