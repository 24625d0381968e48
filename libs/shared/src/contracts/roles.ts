/** Database roles, one for each service. Migrations create them and grant them only what they need. */
export const roles = {
  owner: 'assay_owner',
  ingest: 'assay_ingest',
  bridge: 'assay_bridge',
  validator: 'assay_validator',
  output: 'assay_output',
  cdc: 'assay_cdc',
  reader: 'assay_reader',
} as const;
