/** A plugin of Vite, in the few words that are needed here. */
interface SourcePlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): string | undefined;
}

const OWN_CONST = /^const (\w+)\b/gm;
const TAKES_STATEMENTS = /import type \{[^}]*\bStatement\b[^}]*\} from '[^']*\/statement(?:\.ts)?'/;

/**
 * Statements are private to the modules that run them, and stay so. For the spec of query plans alone, a module that has
 * some gives away all that it fixes: then a statement that is written tomorrow is looked at, too.
 */
export const exposeStatements: SourcePlugin = {
  name: 'expose-statements',
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.ts') || !TAKES_STATEMENTS.test(code)) return undefined;
    const names = [...code.matchAll(OWN_CONST)].map(([, name]) => `${name} as exposed_${name}`);
    return names.length === 0 ? undefined : `${code}\nexport { ${names.join(', ')} };\n`;
  },
};
