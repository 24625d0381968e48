import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asEnvironment, images } from './container-infrastructure.ts';

describe('images', () => {
  it('are those a user gets from docker compose', () => {
    const compose = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docker-compose.yml'), 'utf8');
    const composed = [...compose.matchAll(/^ {4}image: (\S+)$/gm)].map(([, image]) => image);
    expect(composed).toEqual(expect.arrayContaining(Object.values(images)));
  });
});

describe('asEnvironment', () => {
  it('names properties as the images take them', () => {
    expect(asEnvironment('KAFKA', { 'log.dirs': '/data', 'node.id': 1, 'auto.create.topics.enable': false })).toEqual({
      KAFKA_LOG_DIRS: '/data',
      KAFKA_NODE_ID: '1',
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
    });
  });
});
