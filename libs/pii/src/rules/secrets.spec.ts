import { describe, expect, it } from 'vitest';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.s1gn-ature';
const privateKey =
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEvQ+/==\n-----END RSA PRIVATE KEY-----';

describe('secrets', () => {
  it.each<MaskedCase>([
    ['an AWS key', 'aws key AKIAIOSFODNN7EXAMPLE.', 'aws key <SECRET_1>.'],
    ['a GitHub token', 'ghp_0123456789abcdefghijABCDEFGHIJ456789', '<SECRET_1>'],
    ['a GitHub token without a digit', 'ghp_UimnqcLFzQWPXxscsAiKcwuVCNXDCmpjCbVM', '<SECRET_1>'],
    ['a Slack token', 'token xoxb-123456789012-abcdefABCDEF', 'token <SECRET_1>'],
    ['a JSON web token', `cookie ${jwt}; path=/`, 'cookie <SECRET_1>; path=/'],
    ['a bearer', 'Authorization: Bearer abcdef0123456789.abc', 'Authorization: Bearer <SECRET_1>'],
    ['a private key', `see\n${privateKey}\nthanks`, 'see\n<SECRET_1>\nthanks'],
    ['a private key cut short', '-----BEGIN PRIVATE KEY-----\nMIIEvQ', '<SECRET_1>'],
    ['credentials in a URL', 'postgres://bob:s3cr3t@db.example.com/x', 'postgres://<SECRET_1>@db.example.com/x'],
    ['a connection string', 'Server=x;Password=hunter;Port=1', 'Server=x;Password=<SECRET_1>;Port=1'],
    ['an account key', 'AccountKey=abcd+/==;x', 'AccountKey=<SECRET_1>;x'],
    ['JSON', '{"api_key": "abcdef"}', '{"api_key": "<SECRET_1>"}'],
    ['a password after a colon', 'password: Tr0ub4dor&3 user: bob', 'password: <SECRET_1> user: bob'],
    ['a password in a sentence', 'my password is hunter2!Blue', 'my password is <SECRET_1>'],
    ['a PIN', 'PIN: 4711, ok', 'PIN: <SECRET_1>, ok'],
  ])('masks %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['talk about passwords', 'my password is not working, is incorrect; password: required'],
    ['a hidden password', 'Password: ********'],
    ['talk about tokens', 'token: expired, the token is invalid'],
    ['talk about PINs', 'my pin is wrong, pin: blocked'],
    ['nothing', 'secret = null'],
    ['bearers and basics', 'bearer of bad news, Basic plan for 12 users'],
    ['a URL with a port', 'http://example.com:8080/a@b'],
    ['a public key', '-----BEGIN PUBLIC KEY-----'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});
