/** What crosses between who draws figures and the worker that has the GPU, on a port of their own. */
import type { Result } from '../../core/diagnostic.ts';
import type { Program } from '../../core/program/program.ts';
import type { FieldJob, FieldValues } from '../../core/run/field.ts';

/** A program crosses once: as long as the worker keeps it, its number says which it is. */
export interface FieldMessage extends Omit<FieldJob, 'program'> {
  readonly id: number;
  readonly kind: 'field';
  readonly key: number;
  readonly program?: Program;
}

export interface StopField {
  readonly id: number;
  readonly kind: 'stop';
}

export type ToFields = FieldMessage | StopField;

/** `forgotten`: the program is to be sent again. */
export interface FieldAnswer {
  readonly id: number;
  readonly answer: Result<FieldValues> | 'forgotten';
}

export type FieldPort = Pick<MessagePort, 'postMessage' | 'addEventListener' | 'start'>;
