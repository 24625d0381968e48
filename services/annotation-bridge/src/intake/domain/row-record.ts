/** What is remembered of a row that was sent, or rejected, to compare the next content of its path with. */
export interface RowRecord {
  readonly row: number;
  /** Of the content it was sent in; a row that stays where it is stays what it was. */
  readonly generation: number;
  /** The key of its message, a doc_id or the hash of a text; empty for a rejected row. */
  readonly key: string;
  /** Of what the row says, wherever it stands. */
  readonly digest: string;
}

/** Hex digits. Rows of one place are compared, not all with all. */
export const DIGEST_DIGITS = 24;

const HEAD_BYTES = 9;
const DIGEST_BYTES = DIGEST_DIGITS / 2;

/** Row, generation, length of the key, digest, key: 37 bytes for a row that names its document by its id. */
export function encodeRecords(records: readonly RowRecord[]): Buffer {
  const size = records.reduce((sum, { key }) => sum + HEAD_BYTES + DIGEST_BYTES + key.length / 2, 0);
  const bytes = Buffer.alloc(size);
  let at = 0;
  for (const { row, generation, key, digest } of records) {
    at = bytes.writeUInt32LE(row, at);
    at = bytes.writeUInt32LE(generation, at);
    at = bytes.writeUInt8(key.length / 2, at);
    at += bytes.write(digest, at, 'hex');
    at += bytes.write(key, at, 'hex');
  }
  return bytes;
}

export function decodeRecords(bytes: Buffer): readonly RowRecord[] {
  const records: RowRecord[] = [];
  for (let at = 0; at < bytes.length;) {
    const digestAt = at + HEAD_BYTES;
    const keyAt = digestAt + DIGEST_BYTES;
    const end = keyAt + bytes.readUInt8(at + 8);
    records.push({
      row: bytes.readUInt32LE(at),
      generation: bytes.readUInt32LE(at + 4),
      key: bytes.toString('hex', keyAt, end),
      digest: bytes.toString('hex', digestAt, keyAt),
    });
    at = end;
  }
  return records;
}
