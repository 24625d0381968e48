/** What is notified within Postgres, so that nobody has to look for it all the time. A notification carries nothing. */
export const channels = {
  /** Deliveries were queued. */
  deliveries: 'assay_deliveries',
  /** Lines were appended to a stream. */
  lines: 'assay_lines',
} as const;

export type Channel = (typeof channels)[keyof typeof channels];
