/** The default export of a module that the build evaluates: what travels is its value, as JSON. */
declare module '*/listing.ts?evaluated' {
  const listing: typeof import('./listing.ts').default;
  export default listing;
}
