import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { NameFinderError } from './name-finder-error.ts';
import { createPresidioFinder } from './presidio.ts';

interface AnalyzeRequest {
  readonly text: string;
  readonly language: string;
  readonly entities: readonly string[];
  readonly score_threshold: number;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Listens on a free port of this machine. */
function listen(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });
}

async function bodyOf(request: IncomingMessage): Promise<AnalyzeRequest> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return JSON.parse(body) as AnalyzeRequest;
}

/** Answers like Presidio's analyzer: one PERSON wherever "Jane" stands, counted in code points as Python does. */
async function analyze(request: IncomingMessage, response: ServerResponse, seen: AnalyzeRequest[]): Promise<void> {
  const body = await bodyOf(request);
  seen.push(body);
  const start = Array.from(body.text.slice(0, body.text.indexOf('Jane'))).length;
  const results = [{ entity_type: 'PERSON', start, end: start + 4, score: 0.85, analysis_explanation: null }];
  response.setHeader('content-type', 'application/json').end(JSON.stringify(results));
}

describe('createPresidioFinder', () => {
  it('asks as the analyzer expects, and counts UTF-16 units where it counts code points', async () => {
    const seen: AnalyzeRequest[] = [];
    const url = await listen((request, response) => {
      expect([request.method, request.url, request.headers['content-type']]).toEqual([
        'POST',
        '/analyze',
        'application/json',
      ]);
      void analyze(request, response, seen);
    });
    const text = '😀😀 ask Jane';
    const [name] = await createPresidioFinder({ url, entities: ['PERSON'], scoreThreshold: 0.4 }).findNames(text);
    expect(text.slice(name?.start, name?.end)).toBe('Jane');
    expect(name?.type).toBe('PERSON');
    expect(seen).toEqual([{ text, language: 'en', entities: ['PERSON'], score_threshold: 0.4 }]);
  });

  it('does not ask about nothing', async () => {
    await expect(createPresidioFinder({ url: 'http://127.0.0.1:1' }).findNames(' ')).resolves.toEqual([]);
  });

  it('gives up after its time limit', async () => {
    const url = await listen(() => undefined);
    const finder = createPresidioFinder({ url, timeoutMs: 50 });
    await expect(finder.findNames('secret words')).rejects.toThrow(/TimeoutError/);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['an error status', (response) => response.writeHead(500).end('secret words'), /status 500/],
    ['no JSON', (response) => response.end('secret words'), /SyntaxError/],
    ['no list', (response) => response.end('{"error":"No text provided"}'), /not a list/],
    ['a result without offsets', (response) => response.end('[{"entity_type":"PERSON"}]'), /no entity_type/],
    [
      'a result outside the text',
      (response) => response.end('[{"entity_type":"PERSON","start":0,"end":99}]'),
      /outside/,
    ],
  ])('refuses %s, without a word of the text in its message', async (_, answer, message) => {
    const url = await listen((_request, response) => answer(response));
    const failure = await createPresidioFinder({ url })
      .findNames('secret words')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NameFinderError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain('secret');
  });

  it.each([
    [400, true],
    [413, true],
    [422, true],
    [500, true],
    [401, false],
    [404, false],
    [429, false],
    [502, false],
    [503, false],
  ])('tells by status %i whether the text may be at fault: %s', async (status, isRefusal) => {
    const url = await listen((_request, response) => response.writeHead(status).end());
    await expect(createPresidioFinder({ url }).findNames('Jane')).rejects.toMatchObject({ isRefusal });
  });

  it('says that nobody listens', async () => {
    const url = await listen(() => undefined);
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(createPresidioFinder({ url }).findNames('Jane')).rejects.toBeInstanceOf(NameFinderError);
  });
});
