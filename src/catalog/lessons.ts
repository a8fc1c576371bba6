/** All lessons, in their order. Loaded when a reader first asks for them. */
import { invariant } from '../core/diagnostic.ts';
import type { Lesson } from '../core/lesson.ts';

const files = import.meta.glob<Lesson>(['./lessons/*.ts', '!./**/*.test.ts'], { eager: true, import: 'default' });

for (const [path, lesson] of Object.entries(files))
  invariant(path.endsWith(`/${lesson?.id}.ts`), `${path}: its lesson's id is its name`);

export const lessons: readonly Lesson[] = Object.values(files).sort((a, b) => a.order - b.order);
