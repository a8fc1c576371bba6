import { describe, expect, it } from 'vitest';
import { at } from '../core/diagnostic.ts';
import { drive } from './drive.ts';
import type { Flight, Records, Submitted } from './runner.ts';

/** A device whose steps each take a while of a clock that it moves itself, one submit after the other. */
class FakeDevice {
  now = 0;
  underWay = 0;
  mostUnderWay = 0;
  readonly submits: { name: string; steps: number }[] = [];
  private tail: Promise<unknown> = Promise.resolve();

  flight(name: string, total: number, msPerStep: number, stepsPerMs: number | null = null): Flight {
    const flight = {
      position: 0,
      pseudoinverses: Promise.resolve([]),
      pace: { stepsPerMs },
      destroy: () => {},
      submit,
    };
    const device = this;
    function submit(most: number): Submitted {
      const steps = Math.min(most, total - flight.position);
      flight.position += steps;
      device.submits.push({ name, steps });
      device.underWay += 1;
      device.mostUnderWay = Math.max(device.mostUnderWay, device.underWay);
      const records = device.tail.then(macrotask).then((): Records => {
        device.now += steps * msPerStep;
        device.underWay -= 1;
        return { steps: [flight.position], data: new Float32Array(1), trouble: null };
      });
      device.tail = records;
      return { steps, records };
    }
    return flight;
  }
}

const macrotask = () => new Promise<void>((resolve) => setTimeout(resolve));

const options = (device: FakeDevice, signal?: AbortSignal) => ({ targetMs: 30, now: () => device.now, signal });

describe('driving flights', () => {
  it('begins with one step, grows at most fourfold, aims at the time and makes every step', async () => {
    const device = new FakeDevice();
    await drive([{ flight: device.flight('a', 5000, 0.1), steps: 5000, onRecords: () => false }], options(device));
    const sizes = device.submits.map(({ steps }) => steps);
    expect(sizes.reduce((sum, steps) => sum + steps, 0)).toBe(5000);
    expect(sizes[0]).toBe(1);
    sizes.forEach((steps, i) => {
      expect(steps).toBeLessThanOrEqual(4 * Math.max(...sizes.slice(0, Math.max(1, i))));
    });
    expect(Math.max(...sizes)).toBe(300); // 30 ms at 0.1 ms a step
  });

  it('starts at speed where the pace is known', async () => {
    const device = new FakeDevice();
    await drive([{ flight: device.flight('a', 200, 0.1, 10), steps: 200, onRecords: () => false }], options(device));
    expect(device.submits).toEqual([{ name: 'a', steps: 200 }]);
  });

  it('never has more than two submits under way, and lets all runs advance together', async () => {
    const device = new FakeDevice();
    const names = ['a', 'b', 'c'];
    await drive(
      names.map((name) => ({ flight: device.flight(name, 40, 10), steps: 40, onRecords: () => false })),
      options(device),
    );
    expect(device.mostUnderWay).toBe(2);
    for (let round = 0; round + 3 <= 12; round += 3) {
      expect(
        device.submits
          .slice(round, round + 3)
          .map(({ name }) => name)
          .sort(),
      ).toEqual(names);
    }
  });

  it('submits nothing more once it is told to stop, and takes what is under way', async () => {
    const device = new FakeDevice();
    const controller = new AbortController();
    let taken = 0;
    const onRecords = () => {
      taken += 1;
      if (taken === 3) controller.abort();
      return false;
    };
    await drive([{ flight: device.flight('a', 1e6, 1), steps: 1e6, onRecords }], options(device, controller.signal));
    expect(taken).toBe(device.submits.length);
    expect(device.submits.length).toBeLessThanOrEqual(5);
  });

  it('ends a run that has gone wrong and leaves the others alone', async () => {
    const device = new FakeDevice();
    const [bad, good] = [device.flight('bad', 1e6, 1), device.flight('good', 50, 1)];
    await drive(
      [
        { flight: bad, steps: 1e6, onRecords: () => true },
        { flight: good, steps: 50, onRecords: () => false },
      ],
      options(device),
    );
    expect(bad.position).toBeLessThan(10);
    expect(good.position).toBe(50);
    expect(at(device.submits, 0).steps).toBe(1);
  });

  it('lets short runs of known pace share a submit, up to its time, and tells each what it took of it', async () => {
    const device = new FakeDevice();
    const convoys: string[][] = [];
    const convoy = () => {
      const names: string[] = [];
      convoys.push(names);
      return { names, send: () => names.push('sent') };
    };
    const short = (name: string, stepsPerMs: number | null): Flight => {
      const flight = device.flight(name, 100, 0.1, stepsPerMs);
      return Object.assign(flight, {
        join: (most: number, { names }: { names: string[] }) => {
          names.push(name);
          return flight.submit(most);
        },
      } as unknown as Pick<Flight, 'join'>);
    };
    const flights = ['a', 'b', 'c', 'd'].map((name) => short(name, 10)); // 10 ms each, 30 together
    const unknown = short('unknown', null);
    const long = device.flight('long', 5000, 0.1, 10);
    const taken: string[] = [];
    const passengers = [unknown, ...flights, long].map((flight, k) => ({
      flight,
      steps: flight === long ? 5000 : 100,
      onRecords: () => {
        taken.push(`${k}`);
        return false;
      },
    }));
    await drive(passengers, { ...options(device), convoy });
    expect(convoys[0]).toEqual(['a', 'b', 'c', 'sent']);
    expect(convoys.flat().filter((name) => name === 'long')).toEqual([]);
    expect([unknown, ...flights].map(({ position }) => position)).toEqual([100, 100, 100, 100, 100]);
    expect(long.position).toBe(5000);
    expect(new Set(taken).size).toBe(6);
    expect(flights[0]?.pace.stepsPerMs).toBeCloseTo(10, 0);
  });

  it('counts runs that share a dispatch once for as many as go side by side', async () => {
    const device = new FakeDevice();
    const convoys: string[][] = [];
    const convoy = () => {
      const names: string[] = [];
      convoys.push(names);
      return { send: () => names.push('sent') };
    };
    const pace = { stepsPerMs: 10 };
    const names = Array.from({ length: 14 }, (_, k) => `${k}`); // 10 ms each, four in 10 ms
    const flights = names.map((name): Flight => {
      const flight = device.flight(name, 100, 0.1, 10);
      const join = (most: number): Submitted => {
        convoys.at(-1)?.push(name);
        return flight.submit(most);
      };
      return Object.defineProperty(Object.assign(flight, { join, pace }), 'sharesDispatch', {
        get: () => flight.position === 0,
      });
    });
    const passengers = flights.map((flight) => ({ flight, steps: 100, onRecords: () => false }));
    await drive(passengers, { ...options(device), convoy, sideBySide: 4 });
    expect(convoys).toEqual([
      [...names.slice(0, 12), 'sent'],
      [...names.slice(12), 'sent'],
    ]);
  });

  it('rejects when the device is lost', async () => {
    const lost: Flight = {
      position: 0,
      pseudoinverses: Promise.resolve([]),
      pace: { stepsPerMs: null },
      destroy: () => {},
      submit: () => ({ steps: 1, records: Promise.reject(new Error('lost')) }),
    };
    await expect(
      drive([{ flight: lost, steps: 5, onRecords: () => false }], options(new FakeDevice())),
    ).rejects.toThrow('lost');
  });
});
