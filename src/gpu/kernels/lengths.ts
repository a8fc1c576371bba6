/** Kernels with the lengths of their arrays in the code. */

/**
 * The same code with the lengths of its arrays in it, in elements; an array of which `lengthOf` knows none stays as it is. Every
 * access is checked against the length: where it is not in the code, processors that stand in for a GPU find it by four divisions,
 * each time. A bound buffer has to be at least as long.
 */
export const withLengths = (code: string, lengthOf: (array: string, bytesOfElement: number) => number | null): string =>
  code.replace(
    /(var<storage, \w+> (\w+): array<)(f32|u32|vec4f)>/g,
    (whole, before: string, array: string, element: keyof typeof BYTES) => {
      const length = lengthOf(array, BYTES[element]);
      return length === null ? whole : `${before}${element}, ${length}>`;
    },
  );

const BYTES = { f32: 4, u32: 4, vec4f: 16 } as const;
