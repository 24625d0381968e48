import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readPage } from './read-page.ts';

const page = await readPage();
const contentOf = (tag: string) => new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(page.html)![1]!;

describe('the page', () => {
  it.each(['style', 'script'])('holds its %s inside, and the policy lets exactly that one run', (tag) => {
    const hash = createHash('sha256').update(contentOf(tag)).digest('base64');

    expect(contentOf(tag).length).toBeGreaterThan(1_000);
    expect(page.contentSecurityPolicy).toContain(`${tag}-src 'sha256-${hash}'`);
    expect(page.html.split(`<${tag}`)).toHaveLength(2);
  });

  it('loads nothing from anywhere else', () => {
    const elsewhere = page.html
      .replaceAll('http://www.w3.org/2000/svg', '')
      .match(/(https?:)?\/\/[a-z]|@import|url\(/gi);

    expect(elsewhere).toBeNull();
    expect(page.contentSecurityPolicy).toContain("default-src 'none'; connect-src 'self'");
  });

  it('has every element its script asks for, each once', () => {
    const asked = new Set([...contentOf('script').matchAll(/\$\('([a-z-]+)'\)/g)].map(([, id]) => id));
    const present = [...page.html.matchAll(/ id="([a-z-]+)"/g)].map(([, id]) => id!);

    expect([...asked].filter((id) => !present.includes(id!))).toEqual([]);
    expect(new Set(present).size).toBe(present.length);
  });

  it('never turns text into HTML', () => {
    expect(contentOf('script')).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
  });
});
