import { expect, it } from 'vitest';
import { readCamera, readWindow, windowCamera } from './camera.ts';

const camera = { eye: { x: 1.23456, y: -2, z: 0.5 }, center: { x: 0, y: 0, z: 0 }, up: { x: 0, y: 0, z: 1 } };

it('reads a camera to three digits, and nothing else', () => {
  expect(readCamera(camera)).toEqual({ ...camera, eye: { x: 1.235, y: -2, z: 0.5 } });
  for (const wrong of [
    null,
    'eye',
    {},
    { ...camera, eye: { x: Number.NaN, y: 0, z: 0 } },
    { ...camera, eye: { x: 1e9, y: 0, z: 0 } },
    { ...camera, up: { x: 0, y: 0, z: 0 } },
    { eye: camera.eye },
  ]) {
    expect(readCamera(wrong)).toBeNull();
  }
});

it('reads a part of a plane to four digits of its extent, and nothing else', () => {
  expect(readWindow({ x: [-0.123456, 2.5], y: [1000, 1000.00123456] })).toEqual([
    [-0.123, 2.5],
    [1000, 1000.001235],
  ]);
  const window = readWindow({ x: [-1e-3, 1e-3], y: [1, 9] });
  expect(window && readWindow(JSON.parse(JSON.stringify(windowCamera(window))))).toEqual(window);
  const x = [0, 1];
  for (const y of [null, 'y', [], [1], [1, 1], [2, 1], [0, Number.NaN], [0, 1e13], [1e9, 1e9 + 1e-3], [0, 1, 2]]) {
    expect(readWindow({ x, y })).toBeNull();
  }
  expect(readWindow(camera)).toBeNull();
});
