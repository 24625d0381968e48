/** As much of Fastify's reply as our controllers use. */
export interface Reply {
  status(code: number): Reply;
  header(name: string, value: string): Reply;
  headers(values: Readonly<Record<string, string>>): Reply;
  send(body?: unknown): unknown;
}
