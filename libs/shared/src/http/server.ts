import { FastifyAdapter } from '@nestjs/platform-fastify';
import { problemOf, sendProblem } from './problem.ts';
import type { Reply } from './reply.ts';

/** Fastify as every service runs it; controllers get the bytes of a body, and every error is a problem. */
export function createHttpServer(bodyLimit: number): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit,
    // An address that is no address reaches no filter of Nest.
    frameworkErrors: (error: unknown, _request: unknown, reply: unknown) => {
      sendProblem(reply as Reply, problemOf(error));
    },
  });
  const fastify = adapter.getInstance();
  // Bodies stay bytes: whoever takes one decodes it by its contract and can say what is wrong with it.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  // Fastify would close the connection while a body that is too large still comes in, and the sender, whose write then fails,
  // might never read the 413. Left open, Node reads the rest and drops it.
  fastify.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 413) reply.removeHeader('connection');
  });
  return adapter;
}
