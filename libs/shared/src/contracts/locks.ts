/** What instances take turns at. Every advisory lock of the database is named here, so that no two get one name by accident. */
export interface Lock {
  readonly name: string;
}

export const locks = {
  /** Planning what goes to a target, and doing it: one plan of a target is in flight at a time. */
  plansOf: (target: string): Lock => ({ name: `assay plan ${target}` }),
  /** Making and leasing batches of deliveries: one batch of a target is in flight at a time. */
  batchesTo: (target: string): Lock => ({ name: `assay batches to ${target}` }),
  /** Giving lines of a stream their numbers: numbers become visible in their order. */
  lineNumbersOf: (stream: string): Lock => ({ name: `assay line numbers ${stream}` }),
  /** Planning and confirming a release. */
  goldReleases: { name: 'assay gold releases' },
  /** Looking after the labels whose document has not come. */
  waitingLabels: { name: 'assay waiting labels' },
} as const;
