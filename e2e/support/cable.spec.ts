import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Cable } from './cable.ts';

let server: Server;
let heard: string;
let cable: Cable;
const clients: Socket[] = [];

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard += bytes.toString();
      socket.write(bytes.toString().toUpperCase());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cable = await Cable.to((server.address() as AddressInfo).port);
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
  cable.close();
  server.close();
});

async function open(): Promise<Socket> {
  const client = connect(cable.port, '127.0.0.1');
  clients.push(client);
  await once(client, 'connect');
  return client;
}
const answer = async (client: Socket) => String((await once(client, 'data'))[0]);

it('carries both ways', async () => {
  const client = await open();
  client.write('one');
  expect(await answer(client)).toBe('ONE');
});

it('carries nothing while it is cut, lets everybody in, and carries what was sent afterwards', async () => {
  const before = await open();
  before.write('one');
  await answer(before);
  cable.cut();
  const during = await open();
  before.write('two');
  during.write('three');
  const answers = Promise.all([answer(before), answer(during)]);
  // Another one, which is not cut, goes to the same server and back meanwhile.
  const other = await Cable.to((server.address() as AddressInfo).port);
  const beside = connect(other.port, '127.0.0.1');
  clients.push(beside);
  beside.write('beside');
  expect(await answer(beside)).toBe('BESIDE');
  other.close();
  expect(heard).toBe('onebeside');
  cable.mend();
  expect(await answers).toEqual(['TWO', 'THREE']);
});

it('carries what somebody sent who has given up', async () => {
  const client = await open();
  client.write('one');
  await answer(client);
  cable.cut();
  await new Promise<void>((resolve) => client.write('too late', () => resolve()));
  client.end();
  cable.mend();
  await once(client, 'close');
  expect(heard).toBe('onetoo late');
});
