/** A state at a glance; the words beside it say the same. */
import type { Tone } from '../store/verdict.ts';
import classes from './tone-dot.module.css';

export function ToneDot({ tone }: { readonly tone: Tone }) {
  return <span className={classes.dot} data-tone={tone} aria-hidden="true" />;
}
