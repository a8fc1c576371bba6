/** Files or a link that are dropped anywhere on the page are opened. */
import { useEffect, useState } from 'react';
import classes from './file-drop.module.css';

const CAPTURE = { capture: true } as const;

interface FileDropProps {
  /** At least one. */
  onFiles(files: readonly File[]): void;
  /** What else was dragged: an address. */
  onText(text: string): void;
}

const isForUs = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer !== null && ['Files', 'text/uri-list'].some((type) => dataTransfer.types.includes(type));

export function FileDrop({ onFiles, onText }: FileDropProps) {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!isForUs(event)) return;
      event.preventDefault();
      setIsOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setIsOver(false);
    };
    const drop = (event: DragEvent) => {
      setIsOver(false);
      if (!isForUs(event)) return;
      event.preventDefault();
      event.stopPropagation(); // the editor would write the file into its text
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) onFiles(files);
      else onText(event.dataTransfer?.getData('text/uri-list') ?? '');
    };
    window.addEventListener('dragover', over);
    window.addEventListener('dragleave', leave);
    window.addEventListener('drop', drop, CAPTURE);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('drop', drop, CAPTURE);
    };
  }, [onFiles, onText]);
  return isOver ? <div className={classes.veil}>Drop to open</div> : null;
}
