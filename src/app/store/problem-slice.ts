/** What is known of the current text. The last good study stays while half-typed text is underlined. */
import type { Diagnostic } from '../../core/diagnostic.ts';
import { DEFAULT_SEED } from '../../core/experiment/defaults.ts';
import type { Analyst, Study } from '../study.ts';
import type { Slice } from './store.ts';

/** What a study belongs to. */
interface Studied {
  readonly text: string;
  readonly seed: number;
}

export interface ProblemSlice {
  /** Of the last text without errors. */
  readonly study: Study | null;
  /** Text and seed of `study`: the text to which its spans point. */
  readonly studied: Studied | null;
  /** Of `diagnosed`: errors of half-typed text, or the notes of `study`. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text and seed that were answered last. */
  readonly diagnosed: Studied | null;
  /** Studies the current text; resolves when it, or a newer text, has its answer. */
  examine(): Promise<void>;
}

export const createProblemSlice =
  (analyst: Analyst): Slice<ProblemSlice> =>
  (set, get) => {
    const current = (): Studied => ({ text: get().experiment.problem, seed: get().experiment.seed ?? DEFAULT_SEED });
    const isCurrent = (other: Studied | null): boolean => {
      const { text, seed } = current();
      return other?.text === text && other.seed === seed;
    };
    let asked: { readonly of: Studied; readonly answer: Promise<void> } | null = null;

    async function ask(of: Studied): Promise<void> {
      const result = await analyst.study(of.text, of.seed);
      if (!isCurrent(of)) return;
      if (result.ok) {
        const study = result.value;
        const picture = get().isHeld ? { study, results: [] } : get().picture;
        set({ study, studied: of, diagnosed: of, diagnostics: study.notes, picture });
      } else {
        const picture = get().study === null ? null : get().picture; // null: another experiment was opened
        set({ diagnosed: of, diagnostics: result.diagnostics, picture });
      }
    }

    return {
      study: null,
      studied: null,
      diagnostics: [],
      diagnosed: null,
      async examine() {
        while (!isCurrent(get().diagnosed)) {
          if (asked === null || !isCurrent(asked.of)) {
            const of = current();
            asked = { of, answer: ask(of) };
          }
          const { answer } = asked;
          await answer;
          if (asked?.answer === answer) asked = null;
        }
      },
    };
  };
