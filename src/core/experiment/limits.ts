/** Bounds on an experiment from a stranger. Each has a message that says what fits. The text's own bounds are in language/limits.ts. */
import { MAX_CHARACTERS } from '../language/limits.ts';

/** Objects and lists inside one another, the experiment itself counted. */
export const MAX_JSON_DEPTH = 8;
/** Values in all, of an experiment that comes by file or program; a link cannot hold as many. */
export const MAX_JSON_VALUES = 2_000_000;
export const MAX_PROBLEM = MAX_CHARACTERS;
export const MAX_TITLE = 200;
export const MAX_LABEL = 200;
export const MAX_NOTES = 20_000;
/** Names: methods, optimizers, axes, columns, charts. */
export const MAX_NAME = 200;
export const MAX_RUNS = 24;
export const STEPS_RANGE = [1, 10_000_000] as const;
export const MAX_RECORDS = 10_000;
/** Entries of a run's own start. */
export const MAX_START = 10_000;
/** Rows × parameters of constraints whose gradients move: each recorded iterate is graded by their dense Jacobian. */
export const MAX_JACOBIAN = 1_000_000;
/** Scalar rows of constraints: each record keeps a violation and a multiplier of each. */
export const MAX_ROWS = 200_000;
export const SEED_RANGE = [0, 2 ** 32 - 1] as const;
export const MAX_SWARM_STARTS = 4_000_000;
export const MAX_SWARM_AXES = 8;
export const MAX_DATA_SETS = 24;
export const MAX_COLUMNS = 10_000;
export const MAX_RESULTS = 24;
/** Entries of x that a result keeps. */
export const MAX_RESULT_ENTRIES = 8;
export const MAX_VIEW_NAMES = 100;
export const SPEED_RANGE = [0, 1e6] as const;

/** Characters of a link's payload: more is refused unread. */
export const MAX_LINK_PAYLOAD = 16_384;
/** Bytes that a payload may unpack to: more is refused while unpacking. */
export const MAX_LINK_BYTES = 65_536;
/** Characters of an experiment's file. */
export const MAX_FILE = 50_000_000;
/** An experiment with many faults is described by its first ones. */
export const MAX_FAULTS = 20;

export const counted = (value: number): string => value.toLocaleString('en-US');
