/** A document as it goes out. `text` is masked; the raw one never leaves bronze. */
export interface OutgoingDocument {
  readonly doc_id: string;
  readonly ticket_id: string;
  readonly source: string;
  readonly datetime: string;
  readonly priority: number;
  readonly text: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
