/** Renders a Java properties file; what a value may hold is escaped, so a data directory may have any name. */
export function renderProperties(settings: Readonly<Record<string, string | number | boolean>>): string {
  return Object.entries(settings)
    .map(([key, value]) => `${escape(key).replaceAll(/[=: ]/g, String.raw`\$&`)}=${escape(String(value))}\n`)
    .join('');
}

function escape(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', String.raw`\n`)
    .replace(/^ /, String.raw`\ `)
    .replaceAll(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
