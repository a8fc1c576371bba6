/** A kernel as a function of another one: its own text, with its parameters as numbers and the names that arrays have there. */
import { invariant } from '../../core/diagnostic.ts';
import { literal } from '../fused/scalar.ts';
import type { Kernel } from './define-kernel.ts';
import type { Part } from './together.ts';

type Given = Pick<Part, 'params' | 'constants' | 'arrays'>;

/**
 * Functions of a kernel that takes no more than the place of an invocation and the size of the grid, with `number` at the end of their
 * names, and the call for one place. Every name at the left edge of the kernel's text is its own.
 */
export function partCode(
  { name, code, bindings, constants }: Kernel,
  given: Given,
  number: number,
): { readonly functions: string; call(place: string): string } {
  const fields = bindings.params.fields;
  const bare = code
    .replace(/\/\/.*/g, '')
    .replace(/struct Params\s*\{[^}]*\}/, '')
    .replace(/@group\(0\)\s*@binding\(\d+\)[^;]*;/g, '')
    .replace(/override\s[^;]*;/g, '')
    .replace(/@builtin\(\w+\)\s*/g, '')
    .replace(/@compute\s*@workgroup_size\(\w+\)\s*/g, '');
  const own = [...bare.matchAll(/^(?:fn|const)\s+(\w+)/gm)].map(([, found]) => found ?? '');
  const overrides = new Map(
    Object.entries({ ...constants, ...given.constants }).map(([word, value]) => [word, whole(value)]),
  );
  const numbered = own.reduce(
    (text, word) => text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), `${word}_${number}`),
    bare,
  );
  const functions = numbered
    .replace(/\bparams\.(\w+)/g, (_, field: string) => {
      const value = given.params[field];
      invariant(value !== undefined, `${name} lacks its parameter ${field}`);
      if (typeof value !== 'number') return `vec4u(${value.map(whole).join(', ')})`;
      return fields[field] === 'f32' ? `(${literal(value).text})` : whole(value);
    })
    .replace(/\b(\w+)(?=\[)/g, (word) => given.arrays[word] ?? word)
    .replace(/\b\w+\b/g, (word) => (word === 'workgroup_width' ? word : (overrides.get(word) ?? word)));
  return { functions: functions.trim(), call: (place) => `${name}_${number}(vec3u(${place}, 0u, 0u), vec3u(1u));` };
}

const whole = (value: number): string => `${value >>> 0}u`; // modulo 2³²: a negative stride steps back

/** Entry `place` of a product in one piece or in several, one after the other, summed as `single` of the product families does. */
export function productCode({ params, arrays }: Pick<Part, 'params' | 'arrays'>, number: number): string {
  const of = (name: string) => whole(Number(params[name]));
  return `fn product_${number}(place: u32) -> f32 {
  let row = place / ${of('columns')} % ${of('rows')};
  let begin = place / ${of('columns')} / ${of('rows')} * ${of('piece')};
  let end = min(begin + ${of('piece')}, ${of('inner')});
  let a_place = ${of('a_offset')} + row * ${of('a_row')};
  let b_place = ${of('b_offset')} + place % ${of('columns')} * ${of('b_column')};
  var total = 0.0;
  for (var first = begin; first < end; first += 64u) {
    var sum = 0.0;
    for (var k = first; k < min(first + 64u, end); k++) {
      sum = fma(${arrays.a}[a_place + k * ${of('a_inner')}], ${arrays.b}[b_place + k * ${of('b_inner')}], sum);
    }
    total += sum;
  }
  return total;
}`;
}
