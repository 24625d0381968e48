import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { describe, expect, inject, it } from 'vitest';
import { chooseKind } from './infrastructure-kind.ts';
import { ensureConnect } from './infrastructure.ts';

describe('the infrastructure of a test run', () => {
  it('provides a broker that answers', async () => {
    const admin = new Kafka({ brokers: [inject('kafkaBrokers')], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    await admin.disconnect();
    expect(brokers).toHaveLength(1);
  });

  it('provides a database whose user may do everything and which Debezium can read', async () => {
    const client = new pg.Client({ connectionString: inject('databaseUrl') });
    await client.connect();
    const { rows } = await client.query<Record<string, string>>(
      `select current_setting('wal_level') as wal, current_setting('is_superuser') as su, current_setting('listen_addresses') as listen`,
    );
    await client.end();
    // Inside a container all addresses are its own; its ports are published on loopback only.
    const listen = chooseKind(process.env) === 'containers' ? '*' : '127.0.0.1';
    expect(rows).toEqual([{ wal: 'logical', su: 'on', listen }]);
  });

  it('starts Kafka Connect once when it is asked for', async () => {
    const [first, second] = await Promise.all([ensureConnect(), ensureConnect()]);
    expect(first).toBe(inject('connectUrl'));
    expect(second).toBe(first);
    const plugins = (await (await fetch(`${first}/connector-plugins`)).json()) as { class: string }[];
    expect(plugins.map((plugin) => plugin.class)).toContain('io.debezium.connector.postgresql.PostgresConnector');
  });
});
