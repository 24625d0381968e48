import { createMasker } from '../masker.ts';

const masker = createMasker();

/** What the default masker makes of a text. */
export const maskedText = (text: string): string => masker.mask(text).text;

/** Asserts in tables: a case that stays as it is needs no second copy of its text. */
export type KeptCase = readonly [name: string, text: string];
export type MaskedCase = readonly [name: string, text: string, masked: string];
