import { describe, expect, it } from 'vitest';
import { embedOptions } from './embed-options.ts';
import { answerMessages, parentOrigin } from './messages.ts';

const HOST = 'https://host.example';

/** A frame in a page, with what the page was told. */
function embedded(origin: string | null) {
  const told: { message: Record<string, unknown>; target: string }[] = [];
  const parent = {
    postMessage: (message: unknown, target: string) =>
      void told.push({ message: message as Record<string, unknown>, target }),
  };
  const listeners = new Set<(event: MessageEvent) => void>();
  const frame = {
    parent,
    addEventListener: (_: 'message', listener: (event: MessageEvent) => void) => void listeners.add(listener),
    removeEventListener: (_: 'message', listener: (event: MessageEvent) => void) => void listeners.delete(listener),
  };
  const asked: unknown[][] = [];
  const verb =
    (name: string, value: unknown) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return value instanceof Error ? Promise.reject(value) : Promise.resolve(value);
    };
  const feasible = {
    version: '1.2.3',
    load: verb('load', { ok: true }),
    run: verb('run', []),
    swarm: verb('swarm', new Error('no swarm')),
    analyze: verb('analyze', {}),
    link: verb('link', '#e=1g.x'),
    export: verb('export', 'text'),
  };
  const end = answerMessages(feasible, frame, origin);
  const send = async (data: unknown, from: { source?: unknown; origin?: string } = {}) => {
    const event = { source: parent, origin: HOST, data, ...from } as MessageEvent;
    for (const listener of listeners) listener(event);
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { told, asked, send, end, listeners };
}

describe('messages of the page around a frame', () => {
  it('are told once that it is ready, and answered with the number of the question', async () => {
    const { told, asked, send } = embedded(HOST);
    expect(told).toEqual([{ message: { feasible: 1, event: 'ready', version: '1.2.3' }, target: HOST }]);
    await send({ feasible: 1, id: 7, verb: 'run', args: [{ executor: 'reference' }] });
    await send({ feasible: 1, id: 'a', verb: 'link' });
    await send({ feasible: 1, id: 9, verb: 'swarm' });
    expect(asked).toEqual([['run', { executor: 'reference' }], ['link'], ['swarm']]);
    expect(told.slice(1).map(({ message }) => message)).toEqual([
      { feasible: 1, id: 7, ok: true, value: [] },
      { feasible: 1, id: 'a', ok: true, value: '#e=1g.x' },
      { feasible: 1, id: 9, ok: false, error: 'no swarm' },
    ]);
  });

  it.each([
    ['another origin', {}, { origin: 'https://evil.example' }],
    ['another window', {}, { source: {} }],
    ['another version', { feasible: 2 }, {}],
    ['no number', { id: undefined }, {}],
    ['arguments that are no list', { args: 'x' }, {}],
  ])('of %s are not heard', async (_, change, from) => {
    const { told, asked, send } = embedded(HOST);
    await send({ feasible: 1, id: 1, verb: 'run', ...change }, from);
    for (const data of [null, 'run', 3, [], { __proto__: null }]) await send(data);
    expect(asked).toEqual([]);
    expect(told).toHaveLength(1);
  });

  it.each(['constructor', '__proto__', 'then', 'version', 'eval'])('have no verb %s', async (verb) => {
    const { told, asked, send } = embedded(HOST);
    await send({ feasible: 1, id: 1, verb });
    expect(asked).toEqual([]);
    expect(told[1]?.message).toMatchObject({ id: 1, ok: false, error: expect.stringContaining(verb) });
  });

  it('go on to nobody after the end', () => {
    const { end, listeners } = embedded(null);
    end();
    expect(listeners.size).toBe(0);
  });
});

describe('the options of a frame', () => {
  it('are of the address', () => {
    expect(embedOptions('?x=1')).toBeNull();
    expect(embedOptions('?embed=0')).toBeNull();
    expect(embedOptions('?embed=1')).toEqual({ hide: new Set(), autoplay: true, theme: 'auto', origin: null });
    expect(
      embedOptions('?embed=1&hide=transport,<b>&autoplay=0&theme=dark&origin=https://host.example/page?x'),
    ).toEqual({ hide: new Set(['transport']), autoplay: false, theme: 'dark', origin: HOST });
    expect(embedOptions('?embed=1&theme=javascript:1&origin=*')).toMatchObject({ theme: 'auto', origin: '*' });
  });

  it('know whose frame it is, where the browser says it', () => {
    const from = (referrer: string, first?: string) =>
      parentOrigin({ location: first === undefined ? {} : { ancestorOrigins: { 0: first } }, document: { referrer } });
    expect(from('', HOST)).toBe(HOST);
    expect(from(`${HOST}/page`)).toBe(HOST);
    expect(from('')).toBeNull();
  });
});
