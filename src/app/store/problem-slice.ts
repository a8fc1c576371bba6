/** What is known of the current text. The last good study stays while half-typed text is underlined. */
import type { Table } from '../../core/contracts.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { DEFAULT_SEED } from '../../core/experiment/defaults.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import type { Place, Precision } from '../../core/experiment/study/undefined-at.ts';
import { tablesOf } from '../../core/experiment/tables.ts';
import type { OptimumOfText } from '../../core/experiment/trade-off/trade-off.ts';
import type { Analyst, Study } from '../study.ts';
import { COSTLY_OPERATIONS } from './cost.ts';
import { type Landscape, landscapeOf } from './landscape.ts';
import type { Slice, Store } from './store.ts';

/** What a study belongs to. */
export interface Studied {
  readonly text: string;
  readonly seed: number;
  readonly data?: Experiment['data'];
}

/** A table that is kept on this device, by its hash; null where it is not there. */
export type FindTable = (sha256: string) => Promise<Table | null>;

export interface ProblemSlice {
  /** Of the last text without errors. */
  readonly study: Study | null;
  /** Text and seed of `study`: the text to which its spans point. */
  readonly studied: Studied | null;
  /** Of `diagnosed`: errors of half-typed text, or the notes of `study`. */
  readonly diagnostics: readonly Diagnostic[];
  /** Text and seed that were answered last. */
  readonly diagnosed: Studied | null;
  /** When the reading of the current text began that is under way, on the page's clock; null while none is. */
  readonly readingSince: number | null;
  /** Ends the reading that is under way: whoever waits for it goes on without. An answer that comes nevertheless is taken. */
  leaveReading(): void;
  /** Where a run of the current text lost its numbers: the operation, and what helps. Null where that is not known. */
  whyUndefined(study: Study, place: Place, precision: Precision): Promise<Diagnostic | null>;
  /** Studies the current text; resolves when it, or a newer text, has its answer. Of itself the page holds a costly study for Run. */
  examine(request?: { readonly isAutomatic?: boolean }): Promise<void>;
  /** Errors of the current text, which is not studied for them. */
  faults(): Promise<readonly Diagnostic[]>;
  /** The optimum of each of these texts, with the seed and the tables of the experiment, told one after another until the signal. */
  optima(
    texts: readonly string[],
    onFound: (i: number, found: OptimumOfText) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

const withoutOptimum = (why: string): OptimumOfText => ({
  entries: [],
  rows: [],
  sense: 'minimize',
  optimum: null,
  why,
});

const NONE: readonly Diagnostic[] = [];

const firstOf = (diagnostics: readonly Diagnostic[]): string => diagnostics[0]?.message ?? 'The text has an error';

/** What is known to be wrong with the text that stands there: nothing, while a costly one waits to be read. */
export const knownFaults = ({
  held,
  diagnosed,
  diagnostics,
  experiment,
}: Pick<Store, 'held' | 'diagnosed' | 'diagnostics' | 'experiment'>): readonly Diagnostic[] =>
  held?.what === 'study' && diagnosed?.text !== experiment.problem ? NONE : diagnostics;

export const createProblemSlice =
  (analyst: Analyst, findTable: FindTable): Slice<ProblemSlice> =>
  (set, get) => {
    const current = (): Studied => {
      const { problem, seed, data } = get().experiment;
      return { text: problem, seed: seed ?? DEFAULT_SEED, ...(data && { data }) };
    };
    const isCurrent = (other: Studied | null): boolean => {
      const { text, seed, data } = current();
      return other?.text === text && other.seed === seed && other.data === data;
    };
    let asked: { readonly of: Studied; readonly answer: Promise<void> } | null = null;
    /** What the page does not study of itself. */
    let costly: { readonly of: Studied; readonly operations: number } | null = null;

    let leave: () => void = () => undefined;
    /** Resolves when the reading is left. */
    const leaving = () =>
      new Promise<'left'>((resolve) => {
        leave = () => resolve('left');
      });
    let left = leaving();

    /** Of `study`. */
    let landscape: Landscape | undefined;

    async function ask(of: Studied, most: number): Promise<void> {
      const tables = await tablesOf(of.data, findTable);
      const result = tables.ok ? await analyst.study(of.text, of.seed, tables.value, most) : tables;
      if (result === null || !isCurrent(of)) return;
      if (!('ok' in result)) {
        costly = { of, operations: result.operations };
      } else if (result.ok) {
        landscape = landscapeOf(of, result.value.problem, landscape);
        const study = { ...result.value, landscape };
        const picture = get().isHeld ? { study, results: [] } : get().picture;
        set({ study, studied: of, diagnosed: of, diagnostics: study.notes, picture, held: null });
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
      readingSince: null,
      leaveReading() {
        if (asked === null) return;
        asked = null;
        analyst.leaveStudy();
        leave();
        left = leaving();
        set({ readingSince: null });
      },
      async whyUndefined(study, place, precision) {
        const { study: newest, studied } = get();
        return study === newest && studied ? analyst.undefinedAt(study, studied.text, place, precision) : null;
      },
      async examine({ isAutomatic = false } = {}) {
        const most = isAutomatic ? COSTLY_OPERATIONS : Number.POSITIVE_INFINITY;
        while (!isCurrent(get().diagnosed)) {
          if (isAutomatic && costly !== null && isCurrent(costly.of)) {
            const picture = get().study === null ? null : get().picture;
            return set({ isHeld: true, held: { what: 'study', operations: costly.operations }, picture });
          }
          if (asked === null || !isCurrent(asked.of)) {
            const of = current();
            asked = { of, answer: ask(of, most) }; // if it is refused as costly, the next turn asks for all of it
            set({ readingSince: performance.now() });
          }
          const { answer } = asked;
          if ((await Promise.race([answer, left])) === 'left') return;
          if (asked?.answer !== answer) continue;
          asked = null;
          set({ readingSince: null });
        }
      },
      async faults() {
        const { text, seed, data } = current();
        const tables = await tablesOf(data, findTable);
        return tables.ok ? analyst.faults(text, seed, tables.value) : tables.diagnostics;
      },
      async optima(texts, onFound, signal) {
        const { seed, data } = current();
        const tables = await tablesOf(data, findTable);
        if (!tables.ok) return texts.forEach((_, i) => onFound(i, withoutOptimum(firstOf(tables.diagnostics))));
        signal.addEventListener('abort', () => analyst.leaveOptima(), { once: true });
        for (const [i, text] of texts.entries()) {
          if (signal.aborted) return;
          const answer = await analyst.optimum(text, seed, tables.value, COSTLY_OPERATIONS);
          if (signal.aborted || answer === null) return;
          if (!('ok' in answer)) onFound(i, withoutOptimum('Not looked for: a search takes too long here'));
          else onFound(i, answer.ok ? answer.value : withoutOptimum(firstOf(answer.diagnostics)));
        }
      },
    };
  };
