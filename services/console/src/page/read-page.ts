import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

/** The three files stay where they were written; `dist/page` and `src/page` both see them. */
const folder = join(import.meta.dirname, '..', '..', 'src', 'page');

/** One page with its style and its script inside: nothing else is loaded, and the policy lets nothing else run. */
export async function readPage(): Promise<Page> {
  const [frame, style, script] = await Promise.all(
    ['page.html', 'page.css', 'page.js'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  const html = frame!.replace('/* page.css */', () => style!).replace('/* page.js */', () => script!);
  const policy = `default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
  return {
    html,
    contentSecurityPolicy: `${policy}; style-src ${hashOf(html, 'style')}; script-src ${hashOf(html, 'script')}`,
  };
}

/** Of what stands between the tags, to the last blank: that is what a browser compares. */
function hashOf(html: string, tag: 'style' | 'script'): string {
  const content = html.slice(html.indexOf(`<${tag}>`) + tag.length + 2, html.indexOf(`</${tag}>`));
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}
