/** Random experiments in WebAssembly and in the interpreter: the same numbers to the last bit. Many more with `npm run fuzz`. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalog } from '../catalog/registry.ts';
import { prepareRun } from '../core/experiment/prepare-run.ts';
import { studyStructure } from '../core/experiment/study/study.ts';
import { differences } from './compare.fixture.ts';
import { experiments } from './random-experiments.fixture.ts';

const TRIED = import.meta.env.FEASIBLE_FUZZ ? 3000 : 10;

it('WebAssembly computes what the interpreter computes, whatever is asked', () => {
  fc.assert(
    fc.property(experiments, ({ text, run }) => {
      const study = studyStructure(text, 0, catalog);
      const job = study.ok ? prepareRun(study.value, run, 0, catalog) : study;
      fc.pre(job.ok); // else the page refuses it, and says why
      expect(differences(job.value)).toEqual([]);
    }),
    { numRuns: TRIED, maxSkipsPerRun: 20 },
  );
});
