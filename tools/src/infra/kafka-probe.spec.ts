import { describe, expect, it } from 'vitest';
import { metadataRequest, parseBrokerCount } from './kafka-probe.ts';

describe('metadataRequest', () => {
  it('is a Metadata v5 request without topics', () => {
    expect(metadataRequest(7).toString('hex')).toBe(
      '0000000f' + '0003' + '0005' + '00000007' + 'ffff' + '00000000' + '00',
    );
  });
});

describe('parseBrokerCount', () => {
  const answer = (id: number, brokers: number): Buffer => {
    const bytes = Buffer.alloc(40);
    bytes.writeInt32BE(36, 0);
    bytes.writeInt32BE(id, 4);
    bytes.writeInt32BE(brokers, 12);
    return bytes;
  };

  it.each([
    ['one broker', answer(7, 1), 1],
    ['none yet', answer(7, 0), 0],
    ['half an answer', answer(7, 1).subarray(0, 15), undefined],
    ['an answer to someone else', answer(8, 1), -1],
    ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), -1],
  ])('%s', (_name, bytes, expected) => {
    expect(parseBrokerCount(bytes, 7)).toBe(expected);
  });
});
