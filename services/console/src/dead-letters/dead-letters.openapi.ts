import { type ApiPart, problems } from '@assay/shared/http/openapi';
import { z } from 'zod';
import { replayRequestSchema } from './dead-letters.controller.ts';

const groupsSchema = z.object({
  groups: z.array(
    z.object({
      topic: z.string().describe('Where they lie.'),
      code: z.string(),
      step: z.string(),
      from: z.string().describe('Where their messages came from.'),
      letters: z.int(),
      replayed: z.int().describe('Of them, those whose message was sent again.'),
    }),
  ),
  unknown: z.int().describe('Messages that do not say where they came from.'),
});

const reportSchema = z.object({
  letters: z.int(),
  meant: z.int().describe('Letters that the request is about.'),
  replayed: z.int().describe('Sent, or what would be.'),
  mapped: z.int().describe('Of them, changed.'),
  left: z.record(z.string(), z.int()).describe('{why: letters that stay}.'),
  unknown: z.int(),
  preview: z
    .array(z.unknown())
    .describe('Some of what would be sent, by its shape; before and after where it changes.'),
});

const json = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });
const BUSY = { 503: 'Somebody is looking through the dead letters now.' };

export const deadLettersApi = (): ApiPart => ({
  paths: {
    '/v1/dead-letters': {
      get: {
        summary: 'What was refused, counted by topic, code, step and where it came from.',
        responses: { 200: { description: 'The groups.', content: json('DeadLetters') }, ...problems(BUSY) },
      },
    },
    '/v1/dead-letters/replay': {
      post: {
        summary: 'Send the messages of dead letters again, or say what would be sent.',
        requestBody: { required: true, content: json('ReplayRequest') },
        responses: {
          200: { description: 'What was sent, and what stays.', content: json('ReplayReport') },
          ...problems({ 400: 'A condition or a change cannot be understood.', ...BUSY }),
        },
      },
    },
  },
  schemas: {
    DeadLetters: z.toJSONSchema(groupsSchema),
    ReplayRequest: z.toJSONSchema(replayRequestSchema, { io: 'input' }),
    ReplayReport: z.toJSONSchema(reportSchema),
  },
});
