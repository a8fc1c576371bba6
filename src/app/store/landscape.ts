/** What lies around the runs, whatever their start: loss, constraints, data. A start that is dragged changes none of it. */
import { read } from '../../core/language/read.ts';
import { once } from '../../core/once.ts';
import type { Study } from '../study.ts';
import type { Studied } from './problem-slice.ts';

/** The text without the values of its starts. Draws stay: the generator that data come from draws them, too. */
export interface Landscape extends Studied {
  /** A parameter without lengths of its own has those of its start. */
  readonly shapes: string;
}

/** Of a text that was studied; the same object as before where only start values have changed since then. */
export function landscapeOf(
  studied: Studied,
  { parameters }: Study['problem'],
  before: Landscape | undefined,
): Landscape {
  const { text, seed, data } = studied;
  const document = read(text);
  const starts = document.ok
    ? document.value.statements.flatMap((one) => (one.kind === 'parameter' && one.start ? [one.start.span] : []))
    : [];
  const rest = starts.reduceRight((kept, [from, to]) => kept.slice(0, from) + kept.slice(to), text);
  const shapes = parameters.map(({ name, shape }) => `${name}[${shape}]`).join(' ');
  const isSame = before?.text === rest && before.seed === seed && before.data === data && before.shapes === shapes;
  return isSame ? before : { ...studied, text: rest, shapes };
}

/** Whether the problems differ in their start at most: what was sampled around the runs of one holds for the other. */
export const isSameLandscape = (one: Study | null | undefined, other: Study | null | undefined): boolean =>
  one === other || (one?.landscape !== undefined && one.landscape === other?.landscape);

/** What follows from a study but for its start, found once for all starts. */
export function aroundStarts<Found>(find: (study: Study) => Found): (study: Study) => Found {
  const found = once((_: object, study: Study) => find(study));
  return (study) => found(study.landscape ?? study, study);
}
