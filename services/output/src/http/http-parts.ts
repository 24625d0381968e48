import { HttpException } from '@nestjs/common';

export const OUTPUT_DATABASE = Symbol('output database');
export const GOLD_BLOBS = Symbol('gold blobs');

/** As much of Fastify's reply as the controllers use. */
export interface Reply {
  status(code: number): Reply;
  headers(values: Readonly<Record<string, string>>): Reply;
  send(body?: unknown): unknown;
}

export const problem = (status: number, code: string, detail: string): HttpException =>
  new HttpException({ error: detail, code }, status);
