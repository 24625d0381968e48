/**
 * What models call the parts of names and addresses, and the kind it is here. What is not in it is not asked for: the
 * scanner finds numbers and e-mail addresses better than a model does.
 */
export const kindsOfLabels: Readonly<Record<string, string>> = {
  PERSON: 'PERSON',
  PER: 'PERSON',
  NAME: 'PERSON',
  GIVEN_NAME: 'PERSON',
  FIRST_NAME: 'PERSON',
  SURNAME: 'PERSON',
  LAST_NAME: 'PERSON',
  STREET_ADDRESS: 'STREET_ADDRESS',
  ADDRESS: 'STREET_ADDRESS',
  STREET: 'STREET_ADDRESS',
  STREET_NAME: 'STREET_ADDRESS',
  BUILDING_NUMBER: 'STREET_ADDRESS',
  SECONDARY_ADDRESS: 'STREET_ADDRESS',
  ZIP_CODE: 'ZIP_CODE',
  ZIPCODE: 'ZIP_CODE',
  POSTAL_CODE: 'ZIP_CODE',
  CITY: 'LOCATION',
  STATE: 'LOCATION',
  GPE: 'LOCATION',
  LOC: 'LOCATION',
  LOCATION: 'LOCATION',
};

/** `B-GIVEN_NAME` is PERSON; nothing for what is not asked for. */
export function kindOf(label: string): string | undefined {
  return kindsOfLabels[label.replace(/^[BILUSE]-/i, '').toUpperCase()];
}
