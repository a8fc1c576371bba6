/** What is wrong with the text, or worth knowing, line by line; a fix is one click. */
import { Text } from '@mantine/core';
import type { MouseEvent } from 'react';
import type { Diagnostic, Severity } from '../../../core/diagnostic.ts';
import { FixButton } from '../../components/fix-button.tsx';
import { knownFaults } from '../../store/problem-slice.ts';
import { useStore } from '../../store/use-store.ts';
import classes from './problem-panel.module.css';

const names: Readonly<Record<Severity, string>> = { error: 'Error', warning: 'Warning', note: 'Note' };

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The button goes with the fault: whoever pressed it by a key is in the text that it changed. A thumb wants no keyboard there. */
function focusText({ detail, currentTarget }: MouseEvent<HTMLElement>): void {
  if (detail === 0) currentTarget.ownerDocument.querySelector<HTMLElement>('[aria-label^="Problem: "]')?.focus();
}

function Entry({
  diagnostic: { severity, message, span, fix, otherFix },
  text,
}: {
  readonly diagnostic: Diagnostic;
  readonly text: string;
}) {
  const editText = useStore((store) => store.editText);
  return (
    <li className={classes.diagnostic} data-severity={severity}>
      <Text size="xs" component="div">
        <span className={classes.severity}>
          {names[severity]}
          {span && `, line ${lineOf(text, span[0])}`}
        </span>
        {message}
      </Text>
      {[fix ?? [], otherFix ?? []].flat().map(({ title, span: [from, to], insert }) => (
        <FixButton
          key={title}
          title={title}
          onClick={(event) => {
            focusText(event);
            editText(text.slice(0, from) + insert + text.slice(to), null);
          }}
        />
      ))}
    </li>
  );
}

export function DiagnosticsList() {
  const diagnostics = useStore(knownFaults);
  const diagnosed = useStore((store) => store.diagnosed);
  if (diagnosed === null || diagnostics.length === 0) return null;
  return (
    <ul className={classes.diagnostics} aria-label="What the text says that needs a look">
      {diagnostics.map((diagnostic) => (
        <Entry key={`${diagnostic.span?.[0]} ${diagnostic.message}`} diagnostic={diagnostic} text={diagnosed.text} />
      ))}
    </ul>
  );
}
