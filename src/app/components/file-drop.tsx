/** A file or a link that is dropped anywhere on the page is opened. */
import { useEffect, useState } from 'react';
import classes from './file-drop.module.css';

const CAPTURE = { capture: true } as const;

interface FileDropProps {
  onFile(file: File): void;
  /** What else was dragged: an address. */
  onText(text: string): void;
}

const isForUs = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer !== null && ['Files', 'text/uri-list'].some((type) => dataTransfer.types.includes(type));

export function FileDrop({ onFile, onText }: FileDropProps) {
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
      const [file] = event.dataTransfer?.files ?? [];
      if (file) onFile(file);
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
  }, [onFile, onText]);
  return isOver ? <div className={classes.veil}>Drop to open</div> : null;
}
