import { describe, expect, it } from 'vitest';
import { fieldNumber, parseNumber, shortNumber } from './number-text.ts';

describe('numbers', () => {
  it.each([
    [0, '0'],
    [1.23456, '1.235'],
    [-0.00001234, '−1.234e−5'],
    [6.02e23, '6.02e23'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '−∞'],
  ])('%d is shown as %s', (value, text) => expect(shortNumber(value)).toBe(text));

  it.each([0, 0.02, 1e-10, -3.5, 1e9, 123456])('%d survives a field', (value) => {
    expect(parseNumber(fieldNumber(value))).toBe(value);
  });

  it.each([
    ['0,5', 0.5],
    [' −2 ', -2],
    ['1E3', 1000],
  ])('%s is understood', (text, value) => expect(parseNumber(text)).toBe(value));

  it.each(['', '1e', '-', '0x10', 'Infinity', '1 2'])('“%s” is half-typed or no number', (text) => {
    expect(parseNumber(text)).toBeNull();
  });
});
