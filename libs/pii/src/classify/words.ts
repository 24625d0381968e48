/** A word's place in the text, in UTF-16 units. */
export interface Word {
  readonly start: number;
  readonly end: number;
}

/**
 * As BERT cuts a text before it looks into its vocabulary: at blanks, round each sign of punctuation and each Han
 * character. Cutting here instead of in the tokenizer gives each token its place in the text, which the tokenizer does not
 * tell; what it makes of a word alone is what it makes of it in the text. Words end after 100 characters: WordPiece does
 * not look into longer ones, and the cost of BPE would grow with the square of their length.
 */
const WORD = /\p{Script=Han}|[\p{P}$+<=>^`|~]|[^\s\p{P}$+<=>^`|~\p{Script=Han}]{1,100}/gu;

export function* wordsOf(text: string): Generator<Word> {
  for (const { 0: found, index } of text.matchAll(WORD)) yield { start: index, end: index + found.length };
}
