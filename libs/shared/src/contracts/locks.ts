/** What instances take turns at. Every advisory lock of the database is named here, so that no two get one name by accident. */
export interface Lock {
  readonly name: string;
}

export const locks = {
  /** Making and leasing batches of deliveries: one batch of a target is in flight at a time. */
  batchesTo: (target: string): Lock => ({ name: `assay batches to ${target}` }),
  /** Planning segments of a stream, and writing them: one is in flight at a time. */
  segmentsOf: (stream: string): Lock => ({ name: `assay segments ${stream}` }),
  /** Planning and confirming a release. */
  goldReleases: { name: 'assay gold releases' },
  /** Making topics and partitions at boot. */
  topics: { name: 'assay topics' },
  /** The life of the database: shared by whoever decides in it, held alone by whoever begins another one. */
  lives: { name: 'assay lives' },
  /** Looking after the labels whose document has not come. */
  waitingLabels: { name: 'assay waiting labels' },
} as const;
