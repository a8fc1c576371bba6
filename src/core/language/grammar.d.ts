declare module '*.grammar' {
  export const parser: import('@lezer/lr').LRParser;
}

declare module '*.grammar.terms' {
  export const newline: number;
  export const lineBreak: number;
}
