// The call of gRPC that is measured.

/** The call's path. */
export const CALL = '/bench.Echo/Call';

/** A message of gRPC with so many bytes in it: not compressed, its length, and the bytes. */
export function message(bytes) {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes, 1);
  return Buffer.concat([head, Buffer.alloc(bytes, 'x')]);
}
