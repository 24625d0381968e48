/** `channel`, or `customer.tier` for a nested one; a key that has dots itself is found first. */
export function fieldAt(fields: unknown, path: string): unknown {
  if (typeof fields !== 'object' || fields === null) return null;
  if (Object.hasOwn(fields, path)) return (fields as Record<string, unknown>)[path];
  const dot = path.indexOf('.');
  if (dot === -1 || !Object.hasOwn(fields, path.slice(0, dot))) return null;
  return fieldAt((fields as Record<string, unknown>)[path.slice(0, dot)], path.slice(dot + 1));
}
