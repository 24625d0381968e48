import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readSourceTree } from '../testing/source-tree.ts';

/** Every `config.ts` of a service, found and not listed: a new service is checked without anybody thinking of it. */
const schemas = new Map<string, z.ZodObject>();
beforeAll(async () => {
  const files = await readSourceTree(['services']);
  for (const { path } of files.filter((file) => /^services\/[^/]+\/src\/config\.ts$/.test(file.path))) {
    const module = (await import(join(import.meta.dirname, '../../../..', path))) as Record<string, unknown>;
    const [schema] = Object.values(module).filter((value) => value instanceof z.ZodObject);
    if (schema === undefined) throw new Error(`${path} exports no zod object`);
    schemas.set(path, schema);
  }
});

interface JsonField {
  readonly description?: string;
  readonly type?: string;
  readonly secret?: boolean;
}

function fieldsOf(): readonly (readonly [string, string, JsonField])[] {
  return [...schemas].flatMap(([path, schema]) => {
    const { properties = {} } = z.toJSONSchema(schema, { io: 'input' });
    return Object.entries(properties as Record<string, JsonField>).map(([name, field]) => [path, name, field] as const);
  });
}

describe('the settings of every service', () => {
  it('are found', () => {
    expect(schemas.size).toBeGreaterThanOrEqual(5);
    expect(fieldsOf().length).toBeGreaterThan(50);
  });

  it('are each described in a sentence', () => {
    const silent = fieldsOf().filter(([, , { description }]) => !/^[A-Z<].*\.$/.test(description ?? ''));
    expect(silent.map(([path, name]) => `${path}: ${name}`)).toEqual([]);
  });

  it('have names of capitals', () => {
    const odd = fieldsOf().filter(([, name]) => !/^[A-Z]+(_[A-Z0-9]+)*$/.test(name));
    expect(odd).toEqual([]);
  });

  it('that are numbers carry their unit, unless they count things', () => {
    const counts =
      /_(CONCURRENCY|CONNECTIONS|PARTITIONS|TICKETS|SIZE|FACTOR|PORT|VOTES|ANNOTATORS|ROWS|LINES|ITEMS|DOCUMENTS|THRESHOLD|CONFIDENCE|OVERLAP)$/;
    const units = /_(MS|SECONDS|MINUTES|HOURS|DAYS|BYTES)$/;
    const bare = [...schemas].flatMap(([path, schema]) =>
      Object.entries(schema.shape).flatMap(([name, field]) => {
        const isNumber = z.toJSONSchema(field as z.ZodType, { io: 'output', unrepresentable: 'any' }).type;
        const needsUnit = isNumber === 'number' || isNumber === 'integer';
        return needsUnit && !units.test(name) && !counts.test(name) ? [`${path}: ${name}`] : [];
      }),
    );
    expect(bare).toEqual([]);
  });

  it('that let somebody in are marked secret, so that the reference shows no value', () => {
    const open = fieldsOf().filter(
      ([, name, { secret }]) =>
        /(_KEY|_KEYS|PASSWORD|TOKEN|CONNECTION_STRING|DATABASE_URL)$/.test(name) && secret !== true,
    );
    expect(open.map(([path, name]) => `${path}: ${name}`)).toEqual([]);
  });

  /** Shared names that differ, and why. */
  const differing: Readonly<Record<string, string>> = {
    CONNECT_URL: 'the bridge cannot do without it; the console only shows how it is',
  };

  it('that services share are the same in each', () => {
    const shared = new Map<string, Set<string>>();
    for (const [, name, field] of fieldsOf())
      shared.set(name, (shared.get(name) ?? new Set()).add(JSON.stringify(field)));
    const different = [...shared].filter(([, forms]) => forms.size > 1).map(([name]) => name);
    expect(different).toEqual(Object.keys(differing));
  });
});
