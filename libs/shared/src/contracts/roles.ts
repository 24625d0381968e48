/**
 * Database roles, one for each service. Migrations create them and grant them only what they need. Nobody logs in as a role:
 * each service has a login of its own that is in its role and in no other.
 */
export const roles = {
  owner: 'assay_owner',
  ingest: 'assay_ingest',
  bridge: 'assay_bridge',
  validator: 'assay_validator',
  output: 'assay_output',
  cdc: 'assay_cdc',
  reader: 'assay_reader',
  /** Reads as the reader does, and books which dead letters were replayed. */
  console: 'assay_console',
  /** May act as each of the services and as the reader, one at a time: for the verbs of `assay`. */
  operator: 'assay_operator',
} as const;

/** What each service acts as. */
export const roleOfService: Readonly<Record<string, string>> = {
  ingest: roles.ingest,
  'annotation-bridge': roles.bridge,
  'quality-validator': roles.validator,
  output: roles.output,
  console: roles.console,
};
