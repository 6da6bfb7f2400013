/**
 * Bytes to the object that the server packed (`sigviz/charts/payload.py`): arrays come back as
 * Float32Array, those of more dimensions as nested arrays of them.
 */
export function unpack(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = view.getUint32(0, true);
  const header = new TextDecoder().decode(bytes.subarray(4, 4 + headerLength));
  // Typed arrays must start at a multiple of four; the payload itself need not.
  const numbers = new Float32Array(bytes.slice(4 + headerLength).buffer);
  const nest = (start, [length, ...inner]) => {
    if (!inner.length) return numbers.subarray(start, start + length);
    const size = inner.reduce((a, b) => a * b, 1);
    return Array.from({ length }, (_, row) => nest(start + row * size, inner));
  };
  return JSON.parse(header, (_, value) =>
    value && value.$shape ? nest(value.$start, value.$shape) : value,
  );
}
