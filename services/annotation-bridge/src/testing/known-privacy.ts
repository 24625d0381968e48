import { createLabelPrivacy, type PrivacySettings } from '../intake/domain/label-privacy.ts';

const pseudonym = { keyId: 'k1', key: Buffer.alloc(32, 7) };

export const knownPrivacySettings: PrivacySettings = { pseudonym, annotators: 'pseudonym' };
export const knownPrivacy = createLabelPrivacy(knownPrivacySettings);
export const keepingAnnotators = createLabelPrivacy({ pseudonym, annotators: 'keep' });
