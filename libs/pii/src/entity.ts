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
} as const;

export type BuiltInEntity = keyof typeof builtInLabels;

/** A built-in kind, or the name a user's registry (or the second pass) gives to its own. */
export type EntityType = BuiltInEntity | (string & Record<never, never>);

export const builtInEntities = Object.keys(builtInLabels) as readonly BuiltInEntity[];
