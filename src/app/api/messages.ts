/**
 * `window.feasible` over `postMessage`, for a page that embeds this one. A question is `{ feasible: 1, id, verb, args }`, its answer
 * `{ feasible: 1, id, ok: true, value }` or `{ feasible: 1, id, ok: false, error }`; `{ feasible: 1, event: 'ready', version }` comes
 * once, unasked. Only the embedding page is heard, and it may do no more than a link: nothing of what is kept here is in reach.
 */

/** The number in the field `feasible`: another one is another language, and is not answered. */
const PROTOCOL = 1;

const VERBS = ['load', 'run', 'swarm', 'analyze', 'link', 'export'] as const;
type Verb = (typeof VERBS)[number];

interface Question {
  readonly id: string | number;
  readonly verb: Verb;
  readonly args: readonly unknown[];
}

/** The part of the API that is asked; a stand-in in tests. */
export interface Asked {
  readonly version: string;
  load(source: string): Promise<unknown>;
  run(options: object): Promise<unknown>;
  swarm(): Promise<unknown>;
  analyze(options: object): Promise<unknown>;
  link(): Promise<unknown>;
  export(kind: 'json'): Promise<unknown>;
}

/** The part of a window that is needed; a stand-in in tests. */
export interface Frame {
  readonly parent: unknown;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

export interface Parent {
  postMessage(message: unknown, target: string): void;
}

/** `origin`: of the embedding page, where it is known; then no other is heard or answered. Returns what ends it. */
export function answerMessages(feasible: Asked, frame: Frame, origin: string | null): () => void {
  const parent = frame.parent as Parent;
  const say = (message: object) => parent.postMessage({ feasible: PROTOCOL, ...message }, targetOf(origin));
  const listener = (event: MessageEvent) => {
    if (event.source !== frame.parent || (origin !== null && event.origin !== origin)) return;
    const question = readQuestion(event.data);
    if (question === null) return;
    const answer = (rest: object) => {
      parent.postMessage({ feasible: PROTOCOL, id: question.id, ...rest }, targetOf(event.origin));
    };
    const fail = (error: unknown) =>
      answer({ ok: false, error: error instanceof Error ? error.message : String(error) });
    if (!VERBS.includes(question.verb))
      return fail(`There is no verb “${String(question.verb).slice(0, 40)}”; there are ${VERBS.join(', ')}.`);
    call(feasible, question)
      .then((value) => answer({ ok: true, value }))
      .catch(fail);
  };
  frame.addEventListener('message', listener);
  say({ event: 'ready', version: feasible.version });
  return () => frame.removeEventListener('message', listener);
}

/** A sandboxed page or a file has the origin `null`, which cannot be addressed. */
const targetOf = (origin: string | null): string => (origin === null || origin === 'null' ? '*' : origin);

function readQuestion(data: unknown): Question | null {
  if (typeof data !== 'object' || data === null) return null;
  const { feasible, id, verb, args = [] } = data as Record<string, unknown>;
  const isAddressed = feasible === PROTOCOL && (typeof id === 'string' || typeof id === 'number');
  return isAddressed && typeof verb === 'string' && Array.isArray(args) ? { id, verb: verb as Verb, args } : null;
}

/** Arguments are checked where they arrive: `load` validates, the others know their options. */
async function call(feasible: Asked, { verb, args: [first] }: Question): Promise<unknown> {
  const options = typeof first === 'object' && first !== null ? first : {};
  switch (verb) {
    case 'load':
      return feasible.load(first as string);
    case 'run':
      return feasible.run(options);
    case 'swarm':
      return feasible.swarm();
    case 'analyze':
      return feasible.analyze(options);
    case 'link':
      return feasible.link();
    case 'export':
      return feasible.export(first as 'json');
  }
}

interface Embedded {
  readonly location: { readonly ancestorOrigins?: { readonly [index: number]: string } };
  readonly document: { readonly referrer: string };
}

/** The origin of the embedding page, where the browser says it. */
export function parentOrigin({ location, document }: Embedded): string | null {
  const [first] = [location.ancestorOrigins?.[0]];
  if (first !== undefined) return first;
  try {
    return new URL(document.referrer).origin;
  } catch {
    return null;
  }
}
