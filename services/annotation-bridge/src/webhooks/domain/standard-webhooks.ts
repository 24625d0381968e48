import { createHmac, timingSafeEqual } from 'node:crypto';

/** What Standard Webhooks signs, as it came. */
export interface SignedMessage {
  readonly id: string;
  /** Seconds since 1970, as text. */
  readonly timestamp: string;
  /** One or more of `v1,<base64>`, with blanks between. */
  readonly signatures: string;
  readonly body: Buffer;
}

const TOLERANCE_SECONDS = 5 * 60;
const SECRET_PREFIX = 'whsec_';

/**
 * Whether somebody with the secret has signed these bytes within five minutes of `now`. Argilla 2.4 signs with the time of the
 * event and sends the time of sending beside it, so the time in the body is tried as well: it is part of what is signed.
 */
export function isSigned(message: SignedMessage, secret: string, now: Date): boolean {
  const key = Buffer.from(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret, 'base64');
  const given = message.signatures.split(' ').filter((one) => one.startsWith('v1,'));
  return [message.timestamp, timeInBody(message.body)].some((timestamp) => {
    if (timestamp === null || !isNear(timestamp, now)) return false;
    const signed = Buffer.concat([Buffer.from(`${message.id}.${timestamp}.`), message.body]);
    const expected = Buffer.from(`v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
    return given.some((one) => {
      const shown = Buffer.from(one);
      return shown.length === expected.length && timingSafeEqual(shown, expected);
    });
  });
}

const isNear = (seconds: string, now: Date): boolean =>
  /^\d{1,12}$/.test(seconds) && Math.abs(now.getTime() / 1000 - Number(seconds)) <= TOLERANCE_SECONDS;

function timeInBody(body: Buffer): string | null {
  const found = /"timestamp":\s*"([^"]{1,40})"/.exec(body.subarray(0, 1_000).toString('utf8'))?.[1];
  const time = found === undefined ? Number.NaN : Date.parse(found);
  return Number.isNaN(time) ? null : String(Math.floor(time / 1000));
}
