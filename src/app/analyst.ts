/** The analysis worker, as the page sees it. A study that takes too long ends the worker; the next request gets a new one. */
import { type Remote, transfer, wrap } from 'comlink';
import { type Diagnostic, failure, invariant, type Result, success } from '../core/diagnostic.ts';
import type { RunJson } from '../core/experiment/experiment.ts';
import type { OptimumOfText } from '../core/experiment/trade-off/trade-off.ts';
import type { Job } from '../core/run/run.ts';
import type { SwarmJob } from '../core/run/swarm.ts';
import type { AnalysisService, AskedStudy, Forgotten, KeptStudy } from './analysis-service.ts';
import { newestWins } from './newest-wins.ts';
import { packed, unpacked } from './packed.ts';
import type {
  Analyst,
  Costly,
  GridRequest,
  PartOfSample,
  PlaneRequest,
  Sample,
  SeenPlane,
  Study,
  Tables,
} from './study.ts';

const TIME_LIMIT_MS = 20_000;
/** For what a reader asked for who was told what it costs. */
const PATIENCE_MS = 180_000;

/** Nothing more comes from this worker. What a request itself throws says nothing of the others, which go on. */
class Unanswered extends Error {}

const tooLong = (limit: number) =>
  `Reading this problem took longer than ${limit / 1000} s and was stopped. Make it smaller, or undo the last change.`;
const crashed = 'The worker that reads problems has failed. Change the text to try again, or reload the page.';

interface Session {
  readonly service: Remote<AnalysisService>;
  /** Rejects with a sentence when the worker has failed. */
  readonly failed: Promise<never>;
  /** By their structures, under which numbers the worker keeps studies: they are as large as their matrices. */
  readonly keys: WeakMap<Study['structure'], number>;
  end(): void;
}

interface StudyRequest {
  readonly text: string;
  readonly seed: number;
  readonly tables: Tables;
  readonly most: number;
}

interface SampleRequest {
  readonly of: Study;
  readonly grid: GridRequest;
  readonly before?: Sample;
  readonly signal?: AbortSignal;
}

/** The worker, or what stands for it. */
type Host = Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'>;

function open(worker: Host): Session {
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', () => reject(new Unanswered(crashed)));
  });
  failed.catch(() => undefined); // whoever waits hears of it
  return { service: wrap<AnalysisService>(worker), failed, keys: new WeakMap(), end: () => worker.terminate() };
}

/** With what is the same at every step from the sample before. */
export function completed({ loss, constraints, offsets, kept, told }: PartOfSample, before?: Sample): Sample | null {
  const all = constraints.flatMap((each, i) => each ?? before?.constraints[i] ?? []);
  const own = loss ?? before?.loss;
  const isWhole = own !== undefined && all.length === constraints.length;
  return isWhole
    ? { loss: own, constraints: all, offsets, kept: kept ?? before?.kept ?? [], ...(told && { told }) }
    : null;
}

/** An analyst that may be told of another worker, which computes fields. */
export interface ConnectedAnalyst extends Analyst {
  /** The port of `fieldPort` is a new one. */
  connect(): void;
}

/** `fieldPort`: on which its worker may ask for fields of figures; null where nobody answers. */
export function createAnalyst(spawn: () => Host, fieldPort: () => MessagePort | null = () => null): ConnectedAnalyst {
  let session: Session | null = null;

  function connect(): void {
    const port = session && fieldPort();
    if (session && port) void session.service.connect(transfer(port, [port])).catch(() => undefined);
  }

  async function ask<Answer>(
    question: (service: Remote<AnalysisService>) => Promise<Answer>,
    limit = TIME_LIMIT_MS,
  ): Promise<Answer> {
    if (session === null) {
      session = open(spawn());
      connect();
    }
    const asked = session;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Unanswered(tooLong(limit))), limit);
    });
    try {
      return await Promise.race([question(asked.service), asked.failed, late]);
    } catch (error) {
      if (error instanceof Unanswered) {
        asked.end();
        if (session === asked) session = null;
      }
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A question on a study, by its number where the worker has it. */
  async function askOf<Answer>(
    { landscape: _, ...study }: Study,
    question: (service: Remote<AnalysisService>, asked: AskedStudy) => Promise<Answer | Forgotten>,
  ): Promise<Answer> {
    const key = session?.keys.get(study.structure);
    const known = key === undefined ? 'forgotten' : await ask((service) => question(service, { key }));
    if (known !== 'forgotten') return known;
    const answer = await ask((service) => question(service, { whole: packed(study) }));
    invariant(answer !== 'forgotten', 'a study that is sent whole is known');
    return answer;
  }

  const faultOf = (error: unknown): Diagnostic => ({
    severity: 'error',
    message: error instanceof Error ? error.message : String(error),
  });
  const asFault = (error: unknown): Result<never> => failure(faultOf(error));
  let studies = 0;
  const arrived = (answer: Result<KeptStudy> | Costly | null): Result<Study> | Costly | null => {
    if (answer === null || !('ok' in answer) || !answer.ok) return answer;
    const study = unpacked(answer.value.study);
    session?.keys.set(study.structure, answer.value.key);
    return success(study);
  };
  const study = newestWins(({ text, seed, tables, most }: StudyRequest) => {
    studies += 1;
    return ask<Result<KeptStudy> | Costly | null>(
      (service) => service.study(text, seed, tables, most),
      Number.isFinite(most) ? TIME_LIMIT_MS : PATIENCE_MS,
    )
      .then(arrived)
      .catch(asFault)
      .finally(() => {
        studies -= 1;
      });
  });
  /** What is under way for an older text makes room. */
  const overtake = () => {
    if (studies > 0) void session?.service.overtake().catch(() => undefined);
  };
  const prepare = newestWins(({ of, runs }: { readonly of: Study; readonly runs: readonly RunJson[] }) =>
    askOf<readonly Result<Job>[]>(of, (service, asked) => service.prepare(asked, runs)).catch((error: unknown) =>
      runs.map(() => asFault(error)),
    ),
  );
  const sample = newestWins(({ of, grid, before, signal }: SampleRequest) => {
    const stop = () => void session?.service.stopSampling().catch(() => undefined);
    signal?.addEventListener('abort', stop, { once: true });
    return askOf<PartOfSample | null>(of, (service, asked) => service.sample(asked, grid, before?.kept))
      .then((part) => part && completed(part, before))
      .catch(() => null)
      .finally(() => signal?.removeEventListener('abort', stop));
  });
  const place = newestWins(({ of, request }: { readonly of: Study; readonly request: PlaneRequest }) =>
    askOf<SeenPlane | null>(of, (service, asked) => service.place(asked, request)).catch(() => null),
  );

  return {
    connect,
    study(text, seed, tables, most = Number.POSITIVE_INFINITY) {
      overtake();
      return study({ text, seed, tables, most });
    },
    leaveStudy: overtake,
    optimum: (text, seed, tables, most) =>
      ask<Result<OptimumOfText> | Costly | null>((service) => service.optimum(text, seed, tables, most)).catch(asFault),
    leaveOptima: () => void session?.service.leaveOptima().catch(() => undefined),
    faults: (text, seed, tables) =>
      ask<readonly Diagnostic[]>((service) => service.faults(text, seed, tables)).catch((error: unknown) => [
        faultOf(error),
      ]),
    prepare: (of, runs) => prepare({ of, runs }),
    prepareSwarm: (of, swarm, runs, seed) =>
      askOf<Result<SwarmJob>>(of, (service, asked) => service.prepareSwarm(asked, swarm, runs, seed)).catch(asFault),
    undefinedAt: (of, text, place, precision) =>
      askOf<Diagnostic | null>(of, (service, asked) => service.undefinedAt(asked, text, place, precision)).catch(
        () => null,
      ),
    sample: (of, grid, before, signal) => sample({ of, grid, ...(before && { before }), ...(signal && { signal }) }),
    place: (of, request) => place({ of, request }),
  };
}
