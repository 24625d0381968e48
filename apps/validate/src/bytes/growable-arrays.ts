// Typed arrays that grow. By half instead of double: old and new live side by side while one is copied into the other,
// and that moment is the peak of a large run.

const GROWTH = 1.5;

export function grownInt32(from: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  if (from.length >= length) return from;
  const to = new Int32Array(Math.max(length, Math.ceil(from.length * GROWTH)));
  to.set(from);
  return to;
}

export function grownFloat64(from: Float64Array<ArrayBuffer>, length: number): Float64Array<ArrayBuffer> {
  if (from.length >= length) return from;
  const to = new Float64Array(Math.max(length, Math.ceil(from.length * GROWTH)));
  to.set(from);
  return to;
}
