/** The kinds the scanner knows by itself, each with the label its placeholders carry. */
export const builtInLabels = {
  EMAIL_ADDRESS: 'EMAIL',
  PHONE_NUMBER: 'PHONE',
  CREDIT_CARD: 'CARD',
  IBAN_CODE: 'IBAN',
  IP_ADDRESS: 'IP',
  MAC_ADDRESS: 'MAC',
  US_SSN: 'SSN',
  US_ITIN: 'ITIN',
  UK_NHS: 'NHS',
  UK_NINO: 'NINO',
  CRYPTO: 'CRYPTO',
  SECRET: 'SECRET',
  PERSON: 'PERSON',
  STREET_ADDRESS: 'ADDRESS',
  ZIP_CODE: 'ZIP',
  LOCATION: 'LOCATION',
} as const;

export type BuiltInEntity = keyof typeof builtInLabels;

/** A built-in kind, or the name that a registry or the second pass gives to its own. */
export type EntityType = BuiltInEntity | (string & Record<never, never>);

export const builtInEntities = Object.keys(builtInLabels) as readonly BuiltInEntity[];

/**
 * Who wins where two candidates overlap. A proof beats a shape: a private key's frame, a checksum, then forms that
 * only context vouches for. A value named by the user outranks all that is not a proof by its own frame.
 */
export const rank = {
  FRAMED_SECRET: 120,
  REGISTERED: 110,
  URL_CREDENTIALS: 100,
  EMAIL_ADDRESS: 90,
  CRYPTO: 86,
  IBAN_CODE: 85,
  CREDIT_CARD: 80,
  NAMED_SECRET: 75,
  MAC_ADDRESS: 72,
  IP_ADDRESS: 70,
  US_SSN: 65,
  UK_NINO: 60,
  UK_NHS: 55,
  PHONE_NUMBER: 50,
  NAMES: 40,
} as const;
