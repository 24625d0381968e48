/** Of a word, over its base letters. */
export const hashStart = 0x811c9dc5;
export const hashNext = (hash: number, base: number): number => Math.imul(hash ^ base, 0x01000193);

export function hashOf(word: string): number {
  let hash = hashStart;
  for (let i = 0; i < word.length; i++) hash = hashNext(hash, word.charCodeAt(i));
  return hash;
}
