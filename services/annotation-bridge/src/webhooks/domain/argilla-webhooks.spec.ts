import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sample } from '../../testing/samples.ts';
import { argillaHints } from './argilla-event.ts';
import { isSigned, type SignedMessage } from './standard-webhooks.ts';

/** Byte for byte as a server sent it, with a secret that was thrown away. */
const recorded = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../testdata/argilla/webhook-delivery-signed-raw.json'), 'utf8'),
) as { secret: string; headers: Record<string, string>; raw_body: string };

const message: SignedMessage = {
  id: recorded.headers['webhook-id']!,
  timestamp: recorded.headers['webhook-timestamp']!,
  signatures: recorded.headers['webhook-signature']!,
  body: Buffer.from(recorded.raw_body),
};
const SENT = Number(message.timestamp) * 1000;
const at = (seconds: number) => new Date(SENT + seconds * 1000);
const signed = (timestamp: string, body: Buffer): string =>
  `v1,${createHmac('sha256', Buffer.from(recorded.secret, 'base64')).update(`${message.id}.${timestamp}.`).update(body).digest('base64')}`;

describe('isSigned', () => {
  it('believes what a server sent, within five minutes', () => {
    for (const seconds of [-299, 0, 299]) expect(isSigned(message, recorded.secret, at(seconds))).toBe(true);
    expect(isSigned(message, `whsec_${recorded.secret}`, at(0))).toBe(true);
    expect(isSigned({ ...message, signatures: `v1,AAAA ${message.signatures}` }, recorded.secret, at(0))).toBe(true);
  });

  it.each<[string, Partial<SignedMessage>, number]>([
    ['another body', { body: Buffer.from(`${recorded.raw_body} `) }, 0],
    ['another id', { id: 'msg_other' }, 0],
    ['no signature', { signatures: '' }, 0],
    ['a signature of another kind', { signatures: message.signatures.replace('v1,', 'v1a,') }, 0],
    ['an old message that is sent again', {}, 301],
    ['one from the future', {}, -301],
  ])('does not believe %s', (_name, change, seconds) => {
    expect(isSigned({ ...message, ...change }, recorded.secret, at(seconds))).toBe(false);
  });

  it('does not believe another time, or one that is none, where the body has none that was signed', () => {
    const body = Buffer.from('{}');
    const own = { ...message, body, signatures: signed(message.timestamp, body) };
    expect(isSigned(own, recorded.secret, at(0))).toBe(true);
    for (const timestamp of [String(SENT / 1000 + 1), '1e9', ''])
      expect(isSigned({ ...own, timestamp }, recorded.secret, at(0))).toBe(false);
  });

  it('does not believe another secret', () => {
    expect(isSigned(message, Buffer.alloc(64, 1).toString('base64'), at(0))).toBe(false);
  });

  it('believes an early build, which signs with the time of the event and sends the time of sending', () => {
    const eventAt = String(Math.floor(SENT / 1000) - 30);
    const body = Buffer.from(JSON.stringify({ timestamp: new Date(SENT - 30_000).toISOString(), data: {} }));
    const early = { ...message, body, signatures: signed(eventAt, body) };
    expect(isSigned(early, recorded.secret, at(0))).toBe(true);
    expect(isSigned(early, recorded.secret, at(600))).toBe(false);
  });
});

describe('argillaHints', () => {
  const { body } = sample('argilla', 'webhook-delivery-response-created').request as {
    body: { data: { record: { id: string; dataset: { name: string; workspace: { name: string } } } } };
  };
  const { id, dataset } = body.data.record;
  const ours = { name: dataset.name, workspace: dataset.workspace.name };

  it.each(['response-created', 'response-updated', 'response-deleted', 'record-completed', 'record-deleted'])(
    'looks at the record that %s names',
    (name) => {
      const event = sample('argilla', `webhook-delivery-${name}`).request.body;
      expect(argillaHints(event, ours)).toEqual({ items: [expect.stringMatching(/^[0-9a-f-]{36}$/)], answers: [] });
    },
  );

  it('passes by what is no answer, and what is about another dataset', () => {
    const other = sample('argilla', 'webhook-delivery-dataset-updated').request.body;
    expect(argillaHints(other, ours)).toEqual({ items: [], answers: [] });
    expect(argillaHints(body, ours)).toEqual({ items: [id], answers: [] });
    expect(argillaHints(body, { ...ours, name: 'another' })).toEqual({ items: [], answers: [] });
    expect(argillaHints(body, { ...ours, workspace: 'another' })).toEqual({ items: [], answers: [] });
  });
});
