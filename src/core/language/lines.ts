/** Numbers of the lines of a text, from 1, by offset. */
export function lineNumbers(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\r\n|\n|\r/gu)].map((match) => match.index);
  return (offset) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
}
