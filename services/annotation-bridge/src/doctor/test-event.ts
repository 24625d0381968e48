import { createServer } from 'node:http';

const WAITED_MS = 10_000;

/** Listens at an address, lets the tool be asked for an event, and answers whether one came. */
export async function receivesEvent(listenAt: string, provoke: () => Promise<unknown>): Promise<boolean> {
  const { hostname, port } = new URL(listenAt);
  const arrived = Promise.withResolvers<boolean>();
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
    arrived.resolve(true);
  });
  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(Number(port), hostname.replaceAll(/[[\]]/g, ''), listening.resolve);
  await listening.promise;
  const timer = setTimeout(() => arrived.resolve(false), WAITED_MS);
  try {
    await provoke();
    return await arrived.promise;
  } finally {
    clearTimeout(timer);
    server.close();
    server.closeAllConnections();
  }
}
