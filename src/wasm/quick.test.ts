import { expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { prepareRun, study } from '../core/experiment/prepare.ts';
import { interpret } from '../core/program/interpret.ts';
import { nullSpace, penalty, projectedAdam, projectedGradient } from '../../bench/plain-loops.ts';
import { START, TWO_ROWS } from '../../bench/two-rows.ts';
import { WasmMachine } from './stepper.ts';
import { lower } from './lower.ts';
import { writeFileSync } from 'node:fs';

const STEPS = 10000;
const C = [
  [{ method: 'projected-gradient', optimizer: { kind: 'sgd', learningRate: 0.1 } }, () => projectedGradient([...START], STEPS, 0.1)],
  [{ method: 'projected-gradient', optimizer: { kind: 'adam', learningRate: 0.05 } }, () => projectedAdam([...START], STEPS, 0.05)],
  [{ method: 'null-space', optimizer: { kind: 'sgd', learningRate: 0.1 } }, () => nullSpace([...START], STEPS, 0.1)],
  [{ method: 'penalty', settings: { penalty: 10 }, optimizer: { kind: 'sgd', learningRate: 0.02 } }, () => penalty([...START], STEPS, 0.02, 10)],
] as const;
it('speed', () => {
  const machine = new WasmMachine();
  const studied = study(TWO_ROWS, 0, catalog);
  if (!studied.ok) throw 0;
  let n = 0;
  for (const [run, plain] of C) {
    const job = prepareRun(studied.value, { ...run, steps: STEPS, record: [0, STEPS] } as never, 1, catalog);
    if (!job.ok) throw 0;
    const { program, starts, settings } = job.value;
    const plan = lower(program);
    if (plan.ok) writeFileSync(`/tmp/fallback/m${n++}.wasm`, plan.value.bytes);
    const opened = machine.open(program, starts, settings);
    if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
    const w = opened.value;
    const i = interpret(program, starts, settings);
    const time = (f: () => void, reps: number) => { const ts=[]; for (let r=0;r<15;r++){const a = performance.now(); for (let k=0;k<reps;k++) f(); ts.push((performance.now()-a)/reps);} ts.sort((a,b)=>a-b); return ts[7]!; };
    const tw = time(() => { w.restart(starts); w.advance(STEPS, 1e9); w.outputs(); }, 20);
    const tp = time(plain, 20);
    const ti = time(() => { i.restart(starts); i.advance(STEPS, 1e9); i.outputs(); }, 1);
    console.log(JSON.stringify(run.method), run.optimizer.kind, { wasm: tw, plain: tp, interp: ti, ratio: tw / tp, interpRatio: ti / tp, speedup: ti / tw });
    expect(w.outputs().map((a) => [...a])).toEqual(i.outputs().map((a) => [...a]));
  }
});
