/** A program as text: one line a value, loops indented, the same for the same program. For golden tests and for reading. */
import { at } from '../diagnostic.ts';
import { describeShape } from '../tensor/shape.ts';
import { type Id, levelOf, type Value } from '../tensor/value.ts';
import { neededValues } from './host.ts';
import type { Program } from './program.ts';

export function printProgram(program: Program): string {
  const needed = new Set(neededValues(program));
  const lines: string[] = [
    `x[${program.size}]; settings: ${program.settings.map(({ name }) => name).join(', ') || 'none'}`,
  ];
  const visit = (region: number | null, indent: string) => {
    program.values.forEach((value, id) => {
      if (value.region !== region || !needed.has(id)) return;
      lines.push(`${indent}${printValue(id, value)}`);
      if (value.op === 'repeat') {
        visit(value.attributes.region, `${indent}  `);
        const { results, until } = at(program.regions, value.attributes.region);
        lines.push(`${indent}  next ${names(results)}${until === null ? '' : ` until ${name(until)}`}`);
      }
    });
  };
  visit(null, '');
  for (const { name: slot, initial, current, next } of program.state) {
    lines.push(`state ${slot}: ${name(current)} ← ${name(next)}, at first ${name(initial)}`);
  }
  for (const { name: output, value } of program.outputs) lines.push(`output ${output}: ${name(value)}`);
  return lines.join('\n');
}

const name = (id: Id): string => `%${id}`;
const names = (ids: readonly Id[]): string => ids.map(name).join(', ');

function printValue(id: Id, value: Value): string {
  const shape = value.shape.length === 0 ? '' : ` ${describeShape(value.shape)}`;
  return `${name(id)} = ${value.op}(${[names(value.args), printAttributes(value)].filter(Boolean).join('; ')})${shape} · ${levelOf(value.uses)}`;
}

function printAttributes(value: Value): string {
  if (value.op === 'constant') return [...value.attributes.data].map((entry) => Number(entry.toPrecision(6))).join(' ');
  return Object.entries(value.attributes)
    .map(([key, entry]) => `${key} ${typeof entry === 'number' ? Number(entry.toPrecision(6)) : JSON.stringify(entry)}`)
    .join(', ');
}
