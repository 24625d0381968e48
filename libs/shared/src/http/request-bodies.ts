import type { HttpSettings } from '../config/fields.ts';
import { bytesInHand, type Hold } from './bytes-in-hand.ts';
import { codingOf, isCompressed, UnreadableBody, unpack } from './content-coding.ts';
import { Problem } from './problem.ts';

export interface BodyHeaders {
  readonly 'content-length'?: string | undefined;
  readonly 'content-encoding'?: string | undefined;
  readonly 'transfer-encoding'?: string | undefined;
}

/** The answer to a request; its end gives back what the request held. */
export interface Ending {
  once(event: 'close', listener: () => void): unknown;
}

type BodySettings = Pick<HttpSettings, 'HTTP_BODY_MAX_BYTES' | 'HTTP_BODIES_MAX_BYTES'>;

export interface RequestBodies {
  /** Counts the body that a head announces; why it is not taken, or null when it is. */
  admit(headers: BodyHeaders, ending: Ending): Problem | null;
  /** The body as its sender had it before it was compressed. What it becomes is counted piece by piece, as it becomes it. */
  read(body: Buffer, headers: BodyHeaders, ending: Ending): Promise<Buffer>;
}

/** The bodies of all requests in hand: what one becomes and what all together become is bounded. */
export function requestBodies({ HTTP_BODY_MAX_BYTES, HTTP_BODIES_MAX_BYTES }: BodySettings): RequestBodies {
  const inHand = bytesInHand(HTTP_BODIES_MAX_BYTES);
  const holds = new WeakMap<Ending, Hold>();

  return {
    admit(headers, ending) {
      const declared = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Infinity;
      const hold = inHand.take(Math.min(declared, HTTP_BODY_MAX_BYTES));
      if (hold === null) return new Problem(503, 'OVERLOADED', OVERLOADED);
      holds.set(ending, hold);
      ending.once('close', () => hold.give());
      return null;
    },
    async read(body, headers, ending) {
      const coding = codingOf(headers['content-encoding']);
      if (!isCompressed(coding)) return body;
      const pieces: Buffer[] = [];
      let bytes = 0;
      try {
        for await (const piece of unpack(body, coding)) {
          bytes += piece.length;
          if (bytes > HTTP_BODY_MAX_BYTES) throw new Problem(413, 'PAYLOAD_TOO_LARGE', tooLarge(HTTP_BODY_MAX_BYTES));
          if (holds.get(ending)?.grow(piece.length) !== true) throw new Problem(503, 'OVERLOADED', OVERLOADED);
          pieces.push(piece);
        }
      } catch (error) {
        if (error instanceof UnreadableBody) throw new Problem(400, 'DECODE_FAILED', error.message);
        throw error;
      }
      return Buffer.concat(pieces, bytes);
    },
  };
}

const OVERLOADED = 'This server holds as many bytes of requests as it may; send the same request again later.';
const tooLarge = (most: number): string =>
  `The body unpacks to more than the ${most} bytes that this server takes; send it in smaller parts.`;
