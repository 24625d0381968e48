import { describe, expect, it } from 'vitest';
import { runCommandLine, type Verbs } from './command-line.ts';
import { withTerminal } from './testing/speak.ts';
import { defineVerb, InputError, UsageError } from './verb.ts';

const greet = defineVerb({
  name: 'greet',
  summary: 'say hello',
  usage: 'usage: assay greet NAME [--loud]',
  options: { loud: { type: 'boolean' }, fail: { type: 'string' } },
  words: { least: 1, most: 1, are: 'whom to greet' },
  run({ values, words: [name] }, { stdout }) {
    if (values.fail === 'usage') throw new UsageError('that is no name');
    if (values.fail === 'own class') throw Object.assign(new Error('that is no name'), { name: 'UsageError' });
    if (values.fail === 'input') throw new InputError('there is nobody');
    if (values.fail === 'settings') throw Object.assign(new Error('set GREETING'), { code: 'CONFIG_INVALID' });
    if (values.fail === 'bug') throw new Error('a bug');
    stdout.write(`hello ${name}${values.loud ? '!' : ''}\n`);
    return Promise.resolve(7);
  },
});
const verbs: Verbs = { greet: () => Promise.resolve(greet), elsewhere: () => Promise.resolve(undefined) };

const assay = (...args: readonly string[]) => withTerminal((terminal) => runCommandLine(verbs, args, terminal));

describe('the command line', () => {
  it('runs the verb that is named and answers its exit code', async () => {
    expect(await assay('greet', '--loud', 'you')).toEqual({ code: 7, stdout: 'hello you!\n', stderr: '' });
  });

  it.each([['help'], ['--help'], ['-h']])('%s lists the verbs that are here', async (word) => {
    const { code, stdout, stderr } = await assay(word);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('\n  greet  say hello\n');
    expect(stdout).not.toContain('elsewhere');
  });

  it('lists them as an error where nothing is asked for', async () => {
    const { code, stdout, stderr } = await assay();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('greet  say hello');
  });

  it.each([
    ['greet', '--help'],
    ['greet', 'you', '-h'],
    ['help', 'greet'],
  ])('%s %s tells the usage', async (...args) => {
    expect(await assay(...args)).toEqual({ code: 0, stdout: `${greet.usage}\n`, stderr: '' });
  });

  it('names the verb that may be meant', async () => {
    const { code, stderr } = await assay('great');
    expect([code, stderr]).toEqual([
      2,
      'assay: there is no verb "great". Did you mean "greet"? All verbs: assay help\n',
    ]);
    expect((await assay('toString')).stderr).toBe('assay: there is no verb "toString". All verbs: assay help\n');
    expect((await assay('help', 'great')).code).toBe(2);
  });

  it('says where a verb is that is not here', async () => {
    const { code, stderr } = await assay('elsewhere', '--help');
    expect(code).toBe(1);
    expect(stderr).toContain('assay elsewhere: this verb is not here');
  });

  it.each([
    ['usage', 'that is no name'],
    ['own class', 'that is no name'],
  ])('tells bad usage (%s) with the usage', async (kind, message) => {
    const { code, stdout, stderr } = await assay('greet', 'x', '--fail', kind);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(`assay greet: ${message}\n\n${greet.usage}\n`);
  });

  it.each([
    ['input', 'there is nobody'],
    ['settings', 'set GREETING'],
  ])('tells what is missing around it (%s) without the usage', async (kind, message) => {
    expect(await assay('greet', 'x', '--fail', kind)).toEqual({
      code: 2,
      stdout: '',
      stderr: `assay greet: ${message}\n`,
    });
  });

  it('hides no bug', async () => {
    await expect(assay('greet', 'x', '--fail', 'bug')).rejects.toThrow('a bug');
  });
});
