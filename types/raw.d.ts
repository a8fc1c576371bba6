/** `import text from './file.wgsl?raw'`: the text of a file, for code that is checked without the DOM. */
declare module '*?raw' {
  const text: string;
  export default text;
}
