import { startTestServer, type TestServer } from './test-server.ts';

/** Where the connection is lost: before the server behind has the request, while it works on it, or after it has done what was asked. */
export type Cut = 'before' | 'meanwhile' | 'after' | null;

/** Stands before a server, real or not, and loses connections: whoever asks through it does not know what was done. */
export async function startCuttingProxy(
  behind: string,
  cut: (method: string, path: string) => Cut,
): Promise<TestServer> {
  return startTestServer(async (request, body, response) => {
    const { method = 'GET', url = '/', headers } = request;
    const where = cut(method, url);
    if (where === 'before') return void request.socket.destroy();
    const { authorization = '', 'content-type': type = '', 'x-argilla-api-key': key = '' } = headers;
    const kept = { authorization, 'content-type': type, 'x-argilla-api-key': String(key) };
    const asked = { method, headers: Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== '')) };
    if (where === 'meanwhile') request.socket.destroy();
    const answer = await fetch(`${behind}${url}`, body.length > 0 ? { ...asked, body } : asked);
    const text = Buffer.from(await answer.arrayBuffer());
    if (where !== null) return void request.socket.destroy();
    const hasBody = answer.status !== 204;
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(hasBody ? text : undefined);
  });
}
