import { speak } from '@assay/cli/testing/speak';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeArgilla, startFakeArgilla } from '../testing/argilla/fake-argilla.ts';
import { type FakeLabelStudio, startFakeLabelStudio } from '../testing/label-studio/fake-label-studio.ts';
import { startTestServer } from '../testing/test-server.ts';
import { verb } from './doctor.verb.ts';

const SECRET = 'a-secret-of-sixteen-letters';

const given = (environment: Readonly<Record<string, string>>): void => {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
};
afterEach(() => {
  vi.unstubAllEnvs();
});

/** An address nobody listens at yet. */
async function freeAddress(): Promise<string> {
  const server = await startTestServer(() => {});
  await server.close();
  return server.url;
}

async function asked(...words: string[]): Promise<{ code: number; said: string }> {
  const { code, stdout } = await speak(verb, ...words);
  return { code, said: stdout };
}

describe('assay doctor label-studio', () => {
  let fake: FakeLabelStudio;
  beforeEach(async () => {
    fake = await startFakeLabelStudio();
    given({
      LABEL_STUDIO_URL: fake.url,
      LABEL_STUDIO_API_KEY: fake.legacyToken,
      LABEL_STUDIO_PROJECT_ID: String(fake.projectId),
      LABEL_STUDIO_WEBHOOK_SECRET: SECRET,
    });
  });
  afterEach(() => fake.close());

  const makeHook = (hook: object) =>
    fetch(`${fake.url}/api/webhooks/`, {
      method: 'POST',
      headers: { authorization: `Token ${fake.legacyToken}` },
      body: JSON.stringify({
        url: 'http://bridge.example/v1/webhooks/label-studio',
        is_active: true,
        headers: {},
        ...hook,
      }),
    });

  it('finds nothing to mend where all is well, and an event arrives', async () => {
    await makeHook({ headers: { Authorization: `Bearer ${SECRET}` } });
    const { code, said } = await asked('label-studio', '--listen', await freeAddress());
    expect(said).not.toContain('mend');
    expect(said).toContain('Label Studio 1.23.2 answers');
    expect(said).toContain('a legacy token, and known');
    expect(said).toContain('an event of it arrives');
    expect(code).toBe(0);
  });

  it.each<[string, () => unknown, string, string]>([
    [
      'another program at its address',
      () => given({ LABEL_STUDIO_URL: `${fake.url}/elsewhere` }),
      'is no Label Studio',
      'mend LABEL_STUDIO_URL',
    ],
    [
      'a key it does not know',
      () => given({ LABEL_STUDIO_API_KEY: 'f'.repeat(40) }),
      'is refused',
      'Account & Settings',
    ],
    [
      'a project that is not there',
      () => given({ LABEL_STUDIO_PROJECT_ID: '777' }),
      'is there a project 777',
      'nothing further',
    ],
    [
      'a label config our tasks do not fit',
      () => fake.changeProject({ label_config: '<View><Text name="t" value="$body"/></View>' }),
      'shows $body',
      'LABEL_STUDIO_FIELDS',
    ],
    ['no webhook', () => {}, 'no webhook of the project', 'make one in its settings'],
    ['a webhook without our secret', () => makeHook({}), 'does not show our secret', 'Authorization: Bearer'],
    [
      'a webhook to a name without a dot',
      () => makeHook({ url: 'http://bridge:9090/v1/webhooks/label-studio' }),
      'webhooks go to bridge',
      'a dot in it',
    ],
    ['a webhook that is switched off', () => makeHook({ is_active: false }), 'switched off', 'switch it on'],
  ])('says what mends %s', async (_name, arrange, what, fix) => {
    await arrange();
    const { code, said } = await asked('label-studio');
    expect(said).toContain(what);
    expect(said).toContain(fix);
    expect(said).not.toContain(SECRET);
    expect(code).toBe(1);
  });

  it('says that a server delivers nothing to private addresses', async () => {
    fake.protect();
    const { said } = await asked('label-studio', '--listen', await freeAddress());
    expect(said).toContain('SSRF_PROTECTION_ENABLED=false');
  });

  it('tells it as data as well', async () => {
    const { said } = await asked('label-studio', '--json');
    expect(JSON.parse(said)).toContainEqual({ what: 'Label Studio 1.23.2 answers' });
  });
});

describe('assay doctor argilla', () => {
  let fake: FakeArgilla;
  beforeEach(async () => {
    fake = await startFakeArgilla();
    given({
      ARGILLA_URL: fake.url,
      ARGILLA_API_KEY: fake.apiKey,
      ARGILLA_WORKSPACE: fake.workspace,
      ARGILLA_LABELS: 'a, b',
    });
  });
  afterEach(() => fake.close());

  it('sees an event arrive, and says what keeps answers from coming at once', async () => {
    const { said } = await asked('argilla', '--listen', await freeAddress());
    expect(said).toContain('Argilla 2.8.0 answers');
    expect(said).toContain('will be made, with 2 labels');
    expect(said).toContain('set ARGILLA_WEBHOOK_SECRET');
    expect(said).toContain('an event of it arrives');
  });

  it.each([
    ['an address with the page of a user interface', () => given({ ARGILLA_URL: `${fake.url}/elsewhere` }), 'no JSON'],
    ['a key it does not know', () => given({ ARGILLA_API_KEY: 'x' }), 'ARGILLA_API_KEY is refused'],
    ['a workspace that is not there', () => given({ ARGILLA_WORKSPACE: 'nowhere' }), 'has no workspace nowhere'],
    [
      'a dataset that is not there and cannot be made',
      () => given({ ARGILLA_LABELS: '' }),
      'there is no dataset tickets',
    ],
  ])('says what mends %s', async (_name, arrange, what) => {
    arrange();
    const { code, said } = await asked('argilla');
    expect(said).toContain(what);
    expect(code).toBe(1);
  });
});

describe('bad usage', () => {
  it.each([
    [[], 'too few words'],
    [['files'], 'there is no tool "files"; there are: label-studio, argilla'],
    [['argilla', '--listen', 'here'], '--listen must be an address'],
  ])('%j is said with what there is', async (words, message) => {
    const { code, stderr } = await speak(verb, ...words);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
