import { expect, it } from 'vitest';
import { readCamera } from './camera.ts';

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
