import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { isTestSource, readSourceTree, type SourceFile } from '../testing/source-tree.ts';
import { headers } from './headers.ts';
import { groupIdOf, lanes } from './lanes.ts';
import { roles } from './roles.ts';
import type { TableContract } from './tables/table-contract.ts';
import { changeEventTables, tables } from './tables.ts';
import { type TopicContract, topics } from './topics.ts';
import { KIB } from './units.ts';

const allTopics: readonly TopicContract[] = Object.values(topics);
const allLanes = Object.values(lanes);
const allTables: readonly TableContract[] = Object.values(tables);
const deadLetterTopics = allTopics.filter(({ name }) => name.endsWith('.dlq'));

let code: readonly SourceFile[];
let services: ReadonlySet<string>;
beforeAll(async () => {
  const files = await readSourceTree(['libs', 'services', 'tools']);
  code = files.filter(({ path }) => !isTestSource(path) && !path.startsWith('libs/shared/src/contracts/'));
  services = new Set(code.filter(({ path }) => path.startsWith('services/')).map(({ path }) => path.split('/')[1]!));
});

describe('the topics', () => {
  it.each(allTopics)(
    '$name has a name of the kinds we have: ours with a version, Debezium’s, dead letters',
    ({ name }) => {
      expect(name).toMatch(/^([a-z]+(\.[a-z]+)+\.v\d+|assay\.(public|assay)\.[a-z_]+|[a-z]+(-[a-z]+)*\.dlq)$/);
      expect(name.length).toBeLessThan(250);
    },
  );

  it('are each another one', () => {
    expect(new Set(allTopics.map(({ name }) => name)).size).toBe(allTopics.length);
  });

  it.each(allTopics)('$name has a writer: a service, Debezium, or the producers', ({ owner }) => {
    const [first] = owner.split(/[;,]/);
    expect([...services, 'Debezium', 'producers']).toContain(first);
  });

  it.each(allTopics)('$name has a reader, and a service that reads has a lane for it', ({ name, consumers }) => {
    expect(consumers.length).toBeGreaterThan(0);
    const readers = allLanes.filter(({ topic }) => topic.name === name).map(({ service }) => service);
    expect(consumers.filter((consumer) => services.has(consumer)).toSorted()).toEqual(readers.toSorted());
  });

  it.each(allTopics)('$name says what its key and its value are', ({ key, value }) => {
    expect(key.length).toBeGreaterThan(3);
    expect(value.length).toBeGreaterThan(10);
  });

  it('of Debezium are its tables, one for one', () => {
    const expected = changeEventTables.map(({ schema, name }) => `assay.${schema}.${name}`);
    const found = allTopics.filter(({ owner }) => owner === 'Debezium').map(({ name }) => name);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });
});

describe('the lanes', () => {
  it.each(allLanes)('of $service read a registered topic and write registered dead letters of its own', (lane) => {
    expect(services).toContain(lane.service);
    expect(allTopics).toContain(lane.topic);
    expect(deadLetterTopics).toContain(lane.deadLetters);
    expect(lane.deadLetters.name).toBe(`${lane.service}.dlq`);
  });

  it('each have a group of their own, named after service and lane', () => {
    const groups = allLanes.map(groupIdOf);
    expect(new Set(groups).size).toBe(groups.length);
    for (const group of groups) expect(group).toMatch(/^assay\.[a-z-]+\.[a-z-]+$/);
  });

  it.each(allLanes)(
    'of $service fit their largest message and its headers into a dead letter',
    ({ topic, deadLetters }) => {
      expect(deadLetters.maxMessageBytes - topic.maxMessageBytes).toBeGreaterThanOrEqual(64 * KIB);
    },
  );

  it('leave no dead-letter topic without a lane', () => {
    expect(deadLetterTopics.map(({ name }) => name).toSorted()).toEqual(
      [...new Set(allLanes.map(({ deadLetters }) => deadLetters.name))].toSorted(),
    );
  });
});

describe('the headers of a dead letter', () => {
  it.each(Object.entries(headers.deadLetter))('%s is %s', (property, name) => {
    expect(name).toBe(`dlq-${property.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
  });
});

describe('the tables', () => {
  it.each(allTables.map((table) => [`${table.schema} ${table.name}`, table] as const))(
    '%s follows the rules',
    (_, table) => {
      expect(table.name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(['public', 'assay']).toContain(table.schema);
      expect(table.purpose).toMatch(/^[A-Z].*\.$/);
      expect(table.primaryKey.filter((column) => !(column in table.columns))).toEqual([]);
      for (const [column, meaning] of Object.entries(table.columns)) {
        expect(column).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
        expect(meaning.length).toBeGreaterThan(1);
      }
    },
  );

  it('are each another one', () => {
    expect(new Set(allTables.map(({ schema, name }) => `${schema}.${name}`)).size).toBe(allTables.length);
  });

  it.each(changeEventTables)('$name shows Debezium only columns it has, and those of its key', (table) => {
    const { columns } = table.changeEvents;
    expect(columns.filter((column) => !(column in table.columns))).toEqual([]);
    expect(table.primaryKey.filter((column) => !columns.includes(column))).toEqual([]);
    // Debezium's key: one document's events stay in one partition.
    expect(columns).toContain('doc_id');
  });
});

/** The strings of a file, without its comments. */
function stringsOf(text: string): readonly string[] {
  const bare = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
  return bare.match(/`[^`]*`|'[^'\n]*'|"[^"\n]*"/g) ?? [];
}

const named = (strings: readonly string[], names: readonly string[]): readonly string[] =>
  names.filter((name) => strings.some((string) => string.includes(name)));

describe('names outside the contracts', () => {
  const guarded = [...allTopics.map(({ name }) => name), ...allLanes.map(groupIdOf)];

  it('of topics and groups stand in no other source', () => {
    const found = code.flatMap(({ path, text }) => named(stringsOf(text), guarded).map((name) => `${path}: ${name}`));
    expect(found).toEqual([]);
  });

  it('of roles stand in no other source', () => {
    const found = code.flatMap(({ path, text }) =>
      named(stringsOf(text), Object.values(roles)).map((name) => `${path}: ${name}`),
    );
    // The field's own description names the role an operator must grant.
    expect(found.filter((one) => !one.startsWith('libs/shared/src/config/fields.ts'))).toEqual([]);
  });

  it('are found where they stand', () => {
    const sample = `/* ${guarded[0]} */ const a = '${guarded[1]}'; // ${guarded[2]}`;
    expect(named(stringsOf(sample), guarded)).toEqual([guarded[1]]);
  });
});

describe('what SQL names', () => {
  /** Names like `assay.offsets` in the strings of a file; `assay.public.…` is a topic. */
  const relationsOf = (strings: readonly string[]): readonly string[] =>
    strings.flatMap((string) =>
      Array.from(string.matchAll(/(?<![\w./@-])(?:public|assay|lineage)\.(?!mjs\b)[a-z_]+\b(?!\.)/g), ([name]) => name),
    );
  let known: ReadonlySet<string>;
  beforeAll(async () => {
    const snapshot = await readFile(join(import.meta.dirname, '..', 'postgres', 'schema.snapshot.txt'), 'utf8');
    const [, afterTables] = snapshot.split(/^# Views$/m) as [string, string];
    const views = Array.from(
      afterTables.matchAll(/(?:^|FUNCTION )((?:lineage|assay)\.[a-z_]+)/gm),
      ([, name]) => name!,
    );
    known = new Set([...allTables.map(({ schema, name }) => `${schema}.${name}`), ...views]);
  });

  it('is in the contract, a view or a function', () => {
    const found = code.flatMap(({ path, text }) =>
      relationsOf(stringsOf(text)).flatMap((name) => (known.has(name) ? [] : [`${path}: ${name}`])),
    );
    expect(found).toEqual([]);
  });

  it('is found at all', () => {
    const all = new Set(code.flatMap(({ text }) => relationsOf(stringsOf(text))));
    expect(all.size).toBeGreaterThan(10);
    expect(relationsOf(['`select 1 from assay.nothing`'])).toEqual(['assay.nothing']);
  });

  it('in a migration names only groups that exist', async () => {
    const migrations = await readSourceTree(['libs/shared/src/postgres/migrations'], '.sql');
    const groups = migrations.flatMap(({ text }) => text.match(/'assay\.[a-z-]+\.[a-z-]+'/g) ?? []);
    const unknown = groups.filter((group) => !allLanes.map(groupIdOf).includes(group.slice(1, -1)));
    expect(unknown).toEqual([]);
  });
});

describe('the steps', () => {
  it('have one name in file, function and metric', () => {
    const stepFiles = code.filter(({ path }) => path.endsWith('.step.ts'));
    expect(stepFiles.length).toBeGreaterThan(5);
    const faults = stepFiles.flatMap(({ path, text }) => {
      const name = path
        .split('/')
        .at(-1)!
        .replace('.step.ts', '')
        .replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
      // Either the step itself, or a factory whose inner function has the name: that one is the metric's label.
      const isNamed =
        new RegExp(`function ${name}\\b`).test(text) && new RegExp(`export (const|function) ${name}\\b`).test(text);
      return isNamed ? [] : [`${path} has no function ${name}`];
    });
    expect(faults).toEqual([]);
  });
});
