/** Opens the list of lessons. */
import { Button, Modal, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { Lesson } from '../../../core/lesson.ts';
import { useStore } from '../../store/use-store.ts';
import classes from '../lesson/lesson-panel.module.css';

function LessonList({ onChoose }: { onChoose(lesson: Lesson): void }) {
  const load = useStore((store) => store.lessons);
  const progress = useStore((store) => store.progress);
  const [lessons, setLessons] = useState<readonly Lesson[]>([]);
  useEffect(() => {
    let isShown = true;
    void load().then((all) => isShown && setLessons(all));
    return () => {
      isShown = false;
    };
  }, [load]);
  return (
    <ul className={classes.list}>
      {lessons.map((lesson) => {
        const done = progress[lesson.id]?.length ?? 0;
        return (
          <li key={lesson.id}>
            <UnstyledButton className={classes.card ?? ''} onClick={() => onChoose(lesson)}>
              <Text component="h3">
                {lesson.order}. {lesson.title}
              </Text>
              <Text size="sm" c="dimmed">
                {lesson.summary}
              </Text>
              <Text size="xs" c="dimmed">
                {done === 0
                  ? `${lesson.steps.length} steps`
                  : done === lesson.steps.length
                    ? '✓ all steps done'
                    : `${done} of ${lesson.steps.length} steps done`}
              </Text>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}

export function LessonsButton() {
  const [isOpen, { open, close }] = useDisclosure();
  const openLesson = useStore((store) => store.openLesson);
  return (
    <>
      <Button size="xs" variant="default" data-command="lessons" onClick={open}>
        Lessons
      </Button>
      <Modal opened={isOpen} onClose={close} title="Lessons" size="64rem">
        <LessonList
          onChoose={({ id }) => {
            close();
            void openLesson(id);
          }}
        />
      </Modal>
    </>
  );
}
