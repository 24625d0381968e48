import { createServer, type RequestListener, type Server } from 'node:http';
import type { Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { HttpSettings } from '../config/fields.ts';
import { accessByRoute, type KeyKind } from './access.ts';
import { hostCheck } from './allowed-host.ts';
import { keyCheck, keysOf } from './api-keys.ts';
import { codingOf, isCompressed, knownCompressions } from './content-coding.ts';
import { Problem, problemOf, sendProblem } from './problem.ts';
import type { Reply } from './reply.ts';
import { type BodyHeaders, requestBodies } from './request-bodies.ts';

/** For an answer that says nothing else: no browser guesses its type, frames it, or tells its address to others. */
const SECURITY_HEADERS = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Fastify as every service runs it; controllers get the bytes of a body, and every error is a problem. */
export function createHttpServer(settings: HttpSettings, controllers: readonly Type[]): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: settings.HTTP_BODY_MAX_BYTES,
    serverFactory: (handler: RequestListener) => boundedServer(settings, handler),
    // An address that is no address reaches no hook and no filter of Nest.
    frameworkErrors: (error: unknown, _request: unknown, reply: unknown) => {
      sendProblem((reply as Reply).headers(SECURITY_HEADERS), problemOf(error));
    },
  });
  const fastify = adapter.getInstance();
  const refusal = createRefusal(settings, controllers);
  const bodies = requestBodies(settings);
  // Before the body: who may not send one is not listened to. What still comes of it, Node reads and drops.
  fastify.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    const { method, headers, is404 } = request;
    const arrival = { method, path: is404 ? null : request.routeOptions.url!, headers };
    const refused = refusal(arrival) ?? bodies.admit(headers, reply.raw);
    return refused === null ? undefined : sendProblem(reply as Reply, refused);
  });
  // Bodies stay bytes: whoever takes one decodes it by its contract and can say what is wrong with it.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('preValidation', async (request, reply) => {
    if (request.body instanceof Buffer) request.body = await bodies.read(request.body, request.headers, reply.raw);
  });
  // Fastify would close the connection while a body that is too large still comes in, and the sender, whose write then fails,
  // might never read the 413. Left open, Node reads the rest and drops it.
  fastify.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 413) reply.removeHeader('connection');
  });
  return adapter;
}

/** A connection that is silent, slow or one too many is closed, whether or not its sender has a key. */
function boundedServer(settings: HttpSettings, listener: RequestListener): Server {
  const { HTTP_HEADERS_TIMEOUT_MS, HTTP_REQUEST_TIMEOUT_MS, HTTP_IDLE_TIMEOUT_MS } = settings;
  const timeouts = {
    headersTimeout: Math.min(HTTP_HEADERS_TIMEOUT_MS, HTTP_REQUEST_TIMEOUT_MS),
    requestTimeout: HTTP_REQUEST_TIMEOUT_MS,
    keepAliveTimeout: HTTP_IDLE_TIMEOUT_MS,
    connectionsCheckingInterval: Math.ceil(HTTP_HEADERS_TIMEOUT_MS / 4),
  };
  const server = createServer(timeouts, listener);
  server.setTimeout(HTTP_IDLE_TIMEOUT_MS);
  server.maxConnections = settings.HTTP_MAX_CONNECTIONS;
  return server;
}

interface Arrival {
  readonly method: string;
  /** As its route declares it; null when there is no such route. */
  readonly path: string | null;
  readonly headers: BodyHeaders & {
    readonly host?: string | undefined;
    readonly authorization?: string | undefined;
  };
}

/** Why a request is not taken, from what stands before its body; null when it is. */
function createRefusal(settings: HttpSettings, controllers: readonly Type[]) {
  const isOurName = hostCheck(settings);
  const keys = keysOf(settings);
  const opensWith = keyCheck(keys);
  const access = accessByRoute(controllers);
  const needsKey = Object.values(keys).some((some) => some.length > 0); // without any the server listens on loopback only

  function refuseKey(needed: KeyKind, authorization: string | undefined): Problem | null {
    const opens = opensWith(authorization);
    if (opens === null) return new Problem(401, 'UNAUTHORIZED', UNAUTHORIZED);
    return opens.has(needed) ? null : new Problem(403, 'FORBIDDEN', forbidden(needed));
  }

  return ({ method, path, headers }: Arrival): Problem | null => {
    if (!isOurName(headers.host)) return new Problem(421, 'MISDIRECTED_REQUEST', MISDIRECTED);
    if (path === null) return problemOf({ statusCode: 404 });
    const needed = access(method, path);
    if (needsKey && needed !== 'open' && needed !== 'verified by the route') {
      const refused = refuseKey(needed, headers.authorization);
      if (refused !== null) return refused;
    }
    const coding = codingOf(headers['content-encoding']);
    if (coding === 'unknown') return new Problem(415, 'UNSUPPORTED_CONTENT_ENCODING', UNKNOWN_CODING);
    // Its caller is nobody yet, and for nobody is anything unpacked.
    if (isCompressed(coding) && needed === 'verified by the route')
      return new Problem(415, 'UNSUPPORTED_CONTENT_ENCODING', COMPRESSED_UNVERIFIED);
    return null;
  };
}

const UNAUTHORIZED = 'Send an API key of this server as `Authorization: Bearer <API key>`.';
const forbidden = (needed: KeyKind): string =>
  `This key opens other routes. Show one that may ${needed}, of HTTP_${needed.toUpperCase()}_KEYS.`;
const MISDIRECTED =
  'This server does not go by the name in Host; call it by its address, or add the name to HTTP_ALLOWED_HOSTS.';
const UNKNOWN_CODING = `This Content-Encoding is not taken. Send the body as it is, or as one of: ${knownCompressions.join(', ')}.`;
const COMPRESSED_UNVERIFIED = 'This route takes a body only as it was signed: send it without Content-Encoding.';
