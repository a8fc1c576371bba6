/** Parts of the page that an experiment asks not to show, so that a class can guess: `view.hide`. */
import type { HIDEABLE as PARTS, ViewJson } from '../../core/experiment/experiment.ts';
import { isAsking } from './lesson-slice.ts';
import type { Store } from './store.ts';
import { useStore } from './use-store.ts';

export const HIDEABLE = [
  { part: 'optimum', title: 'The optimum', summary: 'the ring in the picture, its loss, and the gap to it' },
  { part: 'verdicts', title: 'The verdicts', summary: 'what each run came to, in words and numbers' },
  { part: 'multipliers', title: 'The multipliers', summary: 'in the text, the charts and the conditions' },
  { part: 'editor', title: 'The text', summary: 'the formula stays' },
  { part: 'facts', title: 'The facts', summary: 'the recognised sets, the method to begin with' },
  { part: 'charts', title: 'The charts', summary: 'below the picture' },
  { part: 'runs', title: 'The runs', summary: 'their methods and settings' },
] as const satisfies readonly { readonly part: (typeof PARTS)[number]; [text: string]: string }[];

export type HideablePart = (typeof PARTS)[number];

export const isHidden = ({ hide }: Pick<ViewJson, 'hide'>, part: HideablePart): boolean =>
  hide?.includes(part) ?? false;

/** Hidden by the experiment, or, of the optimum, for as long as a lesson asks for a guess. */
export const isHiddenNow = ({ view, lesson }: Pick<Store, 'view' | 'lesson'>, part: HideablePart): boolean =>
  isHidden(view, part) || (part === 'optimum' && isAsking(lesson));

export const useHidden = (part: HideablePart): boolean => useStore((store) => isHiddenNow(store, part));
