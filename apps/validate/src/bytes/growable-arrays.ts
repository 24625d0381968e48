// Typed arrays that grow. By half instead of double: old and new live side by side while one is copied into the other,
// and that moment is the peak of a large run.

const GROWTH = 1.5;

const largerThan = (length: number, needed: number): number => Math.max(needed, Math.ceil(length * GROWTH));

export function grownInt32(from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (from.length >= length) return from;
  const to = new Int32Array(largerThan(from.length, length));
  to.set(from);
  return to;
}

export function grownFloat64(from: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (from.length >= length) return from;
  const to = new Float64Array(largerThan(from.length, length));
  to.set(from);
  return to;
}

export function grownBytes(from: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  if (from.length >= length) return from;
  const to = new Uint8Array(largerThan(from.length, length));
  to.set(from);
  return to;
}
