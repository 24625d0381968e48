import { describe, expect, it } from 'vitest';
import { maskedText, type KeptCase, type MaskedCase } from '../testing/masked-text.ts';

describe('e-mail addresses', () => {
  it.each<MaskedCase>([
    ['plain', 'Reach me: john.doe+tag@mail.example.co.uk.', 'Reach me: <EMAIL_1>.'],
    ['quoted local part', 'Reach me: "john doe"@example.com', 'Reach me: <EMAIL_1>'],
    ['apostrophe', "o'brien@example.ie", '<EMAIL_1>'],
    ['bang and percent', 'user!x%y@example.org', '<EMAIL_1>'],
    ['in quotes', "email = 'dev@example.com'", "email = '<EMAIL_1>'"],
    ['in angle brackets', 'From: Jane <jane@example.com>', 'From: <PERSON_1> <<EMAIL_1>>'],
    ['in a link', '<a href="mailto:jane@example.com?x=1">', '<a href="mailto:<EMAIL_1>?x=1">'],
    ['in a query', '?email=alice@example.com&t=1', '?email=<EMAIL_1>&t=1'],
    ['address literal', 'user@[192.0.2.1], thanks', '<EMAIL_1>, thanks'],
    ['international', '用户@例子.公司 and user@münchen.de', '<EMAIL_1> and <EMAIL_2>'],
    ['glued to a script without spaces', '我的邮箱是xiaoming@example.cn谢谢', '我的邮箱是<EMAIL_1>谢谢'],
    ['glued to a number', 'john@acme.com123-45-6789', '<EMAIL_1><SSN_1>'],
    ['full-width', 'ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ', '<EMAIL_1>'],
    ['ideographic full stop', 'jane@example。com', '<EMAIL_1>'],
    ['soft hyphens', 'jane\u00ad.doe@exam\u00adple.com', '<EMAIL_1>'],
    ['a mark of its own on a letter', 'jane\u0301.doe@example.com', '<EMAIL_1>'],
    ['percent-encoded', '?e=jane%40example%2Ecom', '?e=<EMAIL_1>'],
    ['HTML entities', 'jane&#64;example.com jane&commat;example&period;com', '<EMAIL_1> <EMAIL_1>'],
    ['source escapes', 'jane\\u0040example.com', '<EMAIL_1>'],
    ['brackets', 'john [at] example [dot] com', '<EMAIL_1>'],
    ['round bracket and a real dot', 'john(at)example.com', '<EMAIL_1>'],
    ['underscores', 'john_at_example_dot_com', '<EMAIL_1>'],
    ['words', 'write john dot doe at mail dot example dot com please', 'write <EMAIL_1> please'],
    ['shouted sign', 'john AT example.com', '<EMAIL_1>'],
    ['spoken sign in a sentence about mail', 'mail john at example.com', 'mail <EMAIL_1>'],
    ['blanks round the sign', 'john @ example.com', '<EMAIL_1>'],
    ['comma for dot', 'john@example,com, thanks', '<EMAIL_1>, thanks'],
    ['a blank after the dot', 'john@example. com', '<EMAIL_1>'],
  ])('masks %s', (_, text, masked) => {
    expect(maskedText(text)).toBe(masked);
  });

  it.each<KeptCase>([
    ['a handle', 'thanks @jane and @bob'],
    ['a decorator', '@app.route("/x") def f(): pass'],
    ['a package version', 'npm i @types/node@20.1.0 react@18.2.0'],
    ['a repository', 'git@github.com:acme/shop.git'],
    ['an image for dense screens', 'logo@2x.png is blurry'],
    ['a screen', '3840x2160 @ 60Hz'],
    ['a shop in a sentence', 'I bought it at amazon.com'],
    ['at and dot as words', 'look at the dot on the map, polka dot at home'],
    ['no domain', 'not-an-email@ and @alone'],
  ])('leaves %s', (_, text) => {
    expect(maskedText(text)).toBe(text);
  });
});
