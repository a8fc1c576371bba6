/** GPUBufferUsage and GPUMapMode as numbers: Node's Dawn has no such globals. */
export const USAGE = {
  MAP_READ: 0x1,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  UNIFORM: 0x40,
  STORAGE: 0x80,
  INDIRECT: 0x100,
} as const;
export const MAP_READ = 0x1;

/** A buffer that kernels use and that may be filled and read back. */
export const RESIDENT = USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST;
