import { createLabelPrivacy } from '../intake/domain/label-privacy.ts';

const pseudonym = { keyId: 'k1', key: Buffer.alloc(32, 7) };

export const knownPrivacy = createLabelPrivacy({ pseudonym, annotators: 'pseudonym' });
export const keepingAnnotators = createLabelPrivacy({ pseudonym, annotators: 'keep' });
