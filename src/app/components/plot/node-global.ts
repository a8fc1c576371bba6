/** Plotly's modules are written for Node's module system, where the global object is called `global`. Import it before them. */
Object.assign(globalThis, { global: globalThis });
