import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { MIB } from '../contracts/units.ts';

/** What one fetch may unpack. kafkajs unpacks and decodes a batch of records as a whole, before anybody sees one of them. */
export const UNPACKED_MAX_BYTES = 64 * MIB;
export const UNPACKED_MAX_RECORDS = 100_000;

/** What stands before the records of a batch (KIP-98), and what of it is worth knowing. */
const HEADER_BYTES = 61;
const BYTES_BEFORE_LENGTH = 12;
const FORMAT = 2;
const TRANSACTIONAL = 0x10;

export interface BatchHeader {
  readonly first: bigint;
  readonly last: bigint;
  readonly records: number;
  readonly timestamp: bigint;
  readonly producerId: bigint;
  readonly inTransaction: boolean;
}

/** The header lies in memory right before the records it is about; null where there is none. */
export function headerBefore(packed: Buffer): BatchHeader | null {
  if (packed.byteOffset < HEADER_BYTES) return null;
  const header = Buffer.from(packed.buffer, packed.byteOffset - HEADER_BYTES, HEADER_BYTES);
  const isHeader =
    header.readInt8(16) === FORMAT && header.readInt32BE(8) === HEADER_BYTES - BYTES_BEFORE_LENGTH + packed.length;
  if (!isHeader) return null;
  const first = header.readBigInt64BE(0);
  return {
    first,
    last: first + BigInt(header.readInt32BE(23)),
    records: header.readInt32BE(57),
    timestamp: header.readBigInt64BE(35),
    producerId: header.readBigInt64BE(43),
    inTransaction: (header.readInt16BE(21) & TRANSACTIONAL) !== 0,
  };
}

/** A batch that no fetch unpacks, as it came. */
export interface RefusedBatch extends BatchHeader {
  readonly packed: Buffer;
  readonly why: string;
}

export type Unpacked =
  | { readonly kind: 'unpacked'; readonly bytes: Buffer }
  /** There is no room left in this fetch; the next one brings it again, as the first. */
  | { readonly kind: 'later' }
  | { readonly kind: 'refused'; readonly batch: RefusedBatch };

export type Unpack = (packed: Buffer, maxBytes: number) => Promise<Buffer>;

const unzipped = promisify(unzip) as (packed: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Beside the loop that answers /health and sends heartbeats. */
export const gunzip: Unpack = (packed, maxBytes) => unzipped(packed, { maxOutputLength: maxBytes });

export const asItIs: Unpack = async (packed) => packed;

const isTooLarge = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';

/** The room of one fetch for what it unpacks. */
export class FetchRoom {
  #bytes = UNPACKED_MAX_BYTES;
  #records = UNPACKED_MAX_RECORDS;

  async unpack(packed: Buffer, header: BatchHeader, unpack: Unpack): Promise<Unpacked> {
    const isWhole = this.#bytes === UNPACKED_MAX_BYTES;
    const refuse = (why: string): Unpacked => ({
      kind: 'refused',
      batch: { ...header, packed: Buffer.from(packed), why },
    });
    if (header.records > UNPACKED_MAX_RECORDS) return refuse(`it has more than ${UNPACKED_MAX_RECORDS} records`);
    if (header.records > this.#records || this.#bytes <= 0) return { kind: 'later' };
    try {
      const bytes = await unpack(packed, this.#bytes);
      this.#bytes -= bytes.length;
      this.#records -= header.records;
      return { kind: 'unpacked', bytes };
    } catch (error) {
      if (!isTooLarge(error)) throw error;
      return isWhole ? refuse(`it unpacks to more than ${UNPACKED_MAX_BYTES} bytes`) : { kind: 'later' };
    }
  }
}
