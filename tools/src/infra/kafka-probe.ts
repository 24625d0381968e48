import { connect } from 'node:net';

const metadata = { apiKey: 3, version: 5 };
const timeoutMs = 2_000;

/** A Metadata request for no topic: it asks only which brokers serve the cluster. */
export function metadataRequest(correlationId: number): Buffer {
  const body = Buffer.alloc(19);
  body.writeInt32BE(body.length - 4, 0);
  body.writeInt16BE(metadata.apiKey, 4);
  body.writeInt16BE(metadata.version, 6);
  body.writeInt32BE(correlationId, 8);
  body.writeInt16BE(-1, 12); // no client id
  body.writeInt32BE(0, 14); // no topics
  body.writeInt8(0, 18); // make none
  return body;
}

/** How many brokers the answer names; undefined until enough of it has arrived, negative when it is no answer to us. */
export function parseBrokerCount(answer: Buffer, correlationId: number): number | undefined {
  if (answer.length < 16) return undefined;
  return answer.readInt32BE(4) === correlationId ? answer.readInt32BE(12) : -1;
}

/**
 * Resolves when the broker answers requests and has registered itself. Written by hand because this is polled while the
 * broker starts: a kafkajs client per attempt costs more CPU on a small machine, and prints a TimeoutNegativeWarning.
 */
export function probeKafka(host: string, port: number): Promise<void> {
  const correlationId = 1;
  return new Promise((resolve, reject) => {
    let answer: Buffer = Buffer.alloc(0);
    const socket = connect({ host, port, timeout: timeoutMs }, () => socket.write(metadataRequest(correlationId)));
    socket.on('data', (bytes) => {
      answer = Buffer.concat([answer, bytes]);
      const count = parseBrokerCount(answer, correlationId);
      if (count === undefined) return;
      socket.destroy();
      if (count > 0) resolve();
      else reject(new Error(count === 0 ? 'the cluster has no broker yet' : 'this is not a Kafka broker'));
    });
    socket.once('timeout', () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
}
