import { createServer } from 'vite';
const server = await createServer({ appType: 'custom', logLevel: 'warn', server: { middlewareMode: true, hmr: false, ws: false }, optimizeDeps: { noDiscovery: true } });
const L = (p) => server.ssrLoadModule(p);
const { catalog } = await L('/src/catalog/registry.ts');
const { prepareRun, study } = await L('/src/core/experiment/prepare.ts');
const { lower } = await L('/src/wasm/lower.ts');
const { WasmMachine } = await L('/src/wasm/stepper.ts');
const { HostSide, neededValues } = await L('/src/core/program/host.ts');
const { Grader } = await L('/src/core/run/grade.ts');
const { TWO_ROWS } = await L('/bench/two-rows.ts');
const { Places } = await L('/src/wasm/places.ts');
const { denseProblem } = await L('/bench/dense-loop.ts');
for (const text of [TWO_ROWS, denseProblem(16).text, denseProblem(40).text]) {
const s = study(text, 0, catalog); 
const job = prepareRun(s.value, { method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 }, steps: 10000, record: [0, 10000] }, 0, catalog).value;
const time = (name, f, n = 40) => { for (let i = 0; i < 20; i++) f(); const ts=[]; for (let i=0;i<n;i++){const a=performance.now(); f(); ts.push(performance.now()-a);} ts.sort((a,b)=>a-b); console.log(name, ts[n>>1].toFixed(3)); };
console.log(text.slice(0,20), job.program.values.length, 'values', lower(job.program).value.bytes.length, 'bytes', 'measure', job.measure.values.length);
time('lower', () => lower(job.program));
time('host', () => new HostSide(job.program, job.settings));

const m = new WasmMachine();
time('open', () => m.open(job.program, job.starts, job.settings).value.release());
time('grader', () => new Grader(job.measure, job.steps));
const g = new Grader(job.measure, job.steps); const x = Float64Array.from(job.starts);
time('grade1', () => g.grade([0], x));
const { Machine } = await L('/src/core/tensor/evaluate.ts'); { const M = new Machine(job.measure); const c = M.procedure([job.measure.loss, job.measure.gradient, job.measure.residual, job.measure.jacobian, job.measure.softResidual]); time('compute x100', () => { for (let i=0;i<100;i++) c(); }); time('grade x100', () => { for (let i=0;i<100;i++) g.grade([0], x); }); }
const st = m.open(job.program, job.starts, job.settings).value;
time('1000 steps', () => { st.restart(job.starts); st.advance(1000, 1e9) });
}
await server.close(); process.exit();
