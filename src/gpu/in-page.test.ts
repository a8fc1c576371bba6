import { describe, expect, it } from 'vitest';
import { serveAnalysis } from '../app/analysis-service.ts';
import { createAnalyst } from '../app/analyst.ts';
import { createReferenceExecutor } from '../core/run/reference-executor.ts';
import { createReferenceSwarms } from '../core/run/reference-swarm.ts';
import { createClient } from './client.ts';
import { jobOf, sumOne } from './fused/programs.fixture.ts';
import { inPage } from './in-page.ts';
import type { Port } from './protocol.ts';
import { serve } from './serve.ts';

/** Steps that no test waits for. */
const MANY = 10_000_000;
const job = jobOf(sumOne(), [0, 0, 0], { learningRate: 0.1 }, MANY, [0, MANY]);

/** Executors in the page, on a clock that moves by looking at it. `turns` counts their pauses. */
function executorsInPage() {
  let clock = 0;
  const seen = { turns: 0 };
  const now = () => {
    clock += 1;
    return clock;
  };
  const pause = () => {
    seen.turns += 1;
    return new Promise<void>((resolve) => setTimeout(resolve));
  };
  const around = { now, pause, reason: 'test' };
  const executor = { ...createReferenceExecutor(around), ...createReferenceSwarms(around) };
  const opened: ReturnType<typeof inPage<Port>>[] = [];
  const client = createClient({
    spawn: () => {
      const port = inPage<Port>(async () => (far) => serve(far, () => executor));
      opened.push(port);
      return port;
    },
  });
  return { client, seen, opened };
}

const turned = async (seen: { readonly turns: number }, count: number) => {
  const until = seen.turns + count;
  while (seen.turns < until) await new Promise((resolve) => setTimeout(resolve));
};

describe('what is computed in the page itself', () => {
  it('is stopped between two chunks', async () => {
    const { client, seen, opened } = executorsInPage();
    const stop = new AbortController();
    const running = client.run([job], { executor: 'reference', onChunk: () => {}, signal: stop.signal });
    await turned(seen, 3);
    stop.abort();
    const [end] = await running;
    expect(end).toMatchObject({ status: 'stopped' });
    for (const port of opened) port.terminate();
  });

  it('ends at its next pause where nobody waits for it any more', async () => {
    const { client, seen, opened } = executorsInPage();
    void client.run([job], { executor: 'reference', onChunk: () => {} });
    await turned(seen, 3);
    for (const port of opened) port.terminate();
    const before = seen.turns;
    for (let k = 0; k < 20; k++) await new Promise((resolve) => setTimeout(resolve));
    expect(seen.turns - before).toBeLessThanOrEqual(2);
  });

  it('is not begun where it is ended before its code is there', async () => {
    let come = (_: (far: Port) => void) => {};
    let served = 0;
    const port = inPage<Port>(
      () =>
        new Promise((resolve) => {
          come = resolve;
        }),
    );
    port.terminate();
    come(() => {
      served += 1;
    });
    await new Promise((resolve) => setTimeout(resolve));
    expect(served).toBe(0);
  });
});

/** Not convex, so that its optimum is looked for from many points, with pauses between them. */
const HEAVY =
  'param w[6] = 0.3\nminimize sum(sin(3*w) + 0.1*w^2) + exp(w[0]*w[1])\nsubject to\n  sum(w^2) <= 4\n  w[0]*w[1] >= -1';

describe('a study in the page itself', () => {
  it('makes room for a newer text', async () => {
    const opened: { terminate(): void }[] = [];
    const analyst = createAnalyst(() => {
      const port = inPage(async () => serveAnalysis);
      opened.push(port);
      return port;
    });
    const order: string[] = [];
    const older = analyst.study(HEAVY, 0, {}).then((studied) => {
      order.push('older');
      return studied;
    });
    await new Promise((resolve) => setTimeout(resolve));
    const newer = analyst.study('minimize (x - 2)^2 subject to x <= 1', 0, {});
    expect(await older).toBeNull();
    expect(await newer).toMatchObject({ ok: true });
    expect(order).toEqual(['older']);
    for (const port of opened) port.terminate();
  });

  it('is asked about as long as the page has it, whatever was studied since', async () => {
    const opened: { terminate(): void }[] = [];
    const analyst = createAnalyst(() => {
      const port = inPage(async () => serveAnalysis);
      opened.push(port);
      return port;
    });
    const studied = async (bound: number) => {
      const text = `minimize (x - 9)^2 subject to x <= ${bound}`;
      // The port of the test before overtakes one study when it closes.
      const answer = (await analyst.study(text, 0, {})) ?? (await analyst.study(text, 0, {}));
      if (!answer || !('ok' in answer) || !answer.ok) throw new Error('the text has no fault');
      return answer.value;
    };
    const startOf = async (of: Awaited<ReturnType<typeof studied>>) => {
      const [prepared] = await analyst.prepare(of, [
        { method: 'projected-gradient', settings: { projectStart: true } },
      ]);
      return prepared?.ok === true && prepared.value.starts.length;
    };
    const first = await studied(1);
    for (const bound of [2, 3, 4]) {
      const newer = await studied(bound);
      expect(newer.optimum?.x).toEqual([bound]);
      expect(await startOf(newer)).toBe(1);
    }
    expect(first.optimum?.x).toEqual([1]);
    expect(await startOf(first)).toBe(1);
    for (const port of opened) port.terminate();
  });
});
