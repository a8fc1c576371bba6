/** Composition root of the worker that reads and studies problems. */
import { createFieldClient } from '../gpu/field/client.ts';
import { serveAnalysis } from './analysis-service.ts';

serveAnalysis(
  self,
  async () => {
    const { openIn, WasmMachine } = await import('../wasm/executor.ts');
    return openIn(new WasmMachine());
  },
  createFieldClient,
);
