/** A table from a file or the clipboard: looked at first, then chosen columns become data under a name. */
import {
  Alert,
  Button,
  Checkbox,
  Code,
  FileButton,
  Group,
  Loader,
  Modal,
  Table,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useMemo, useState } from 'react';
import { identifierOf } from '../../core/problem/table.ts';
import { type Csv, type CsvColumn, completeRows, tableFrom, turned } from '../data/read-csv.ts';
import { useCsv } from '../data/use-csv.ts';
import { useStore } from '../store/use-store.ts';
import { fitsIntoLink } from '../table-keeper.ts';

const PREVIEW_ROWS = 5;

const withOrWithout = (names: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  new Set(names.has(name) ? [...names].filter((other) => other !== name) : [...names, name]);

const nameOf = (fileName: string): string =>
  fileName === '' ? 'table' : identifierOf(fileName.replace(/\.\w+$/u, ''));

const namesIn = (text: string): ReadonlySet<string> => new Set(text.match(/[\p{L}_][\p{L}\p{N}_]*/gu));

/** The statement that brings a table into the text, under names that it has not yet; null where it names the table. */
function usingLine(table: string, columns: readonly string[], text: string): string | null {
  const taken = namesIn(text);
  if (taken.has(table)) return null;
  const free = (names: readonly string[]) => names.find((name) => !taken.has(name)) ?? `${table}_${names[0]}`;
  const target = columns[columns.length - 1];
  return columns.length > 1
    ? `data ${free(['X', 'A'])}, ${free(['y', 'b'])} = ${table}(target=${target})`
    : `data ${free(['x', 'a'])} = ${table}(${target})`;
}

/** Below the comments with which the text begins. */
function withDataLine(text: string, line: string): string {
  const [comments = ''] = /^(?:[ \t]*(?:#.*)?\n)*/u.exec(text) ?? [];
  return `${comments}${line}\n${text.slice(comments.length)}`;
}

interface PreviewProps {
  readonly csv: Csv;
  readonly chosen: ReadonlySet<string>;
  onToggle(column: string): void;
  /** Exchanges 0 and 1 of a column of two words. */
  onTurn(column: string): void;
}

/** Behind the name of a column. */
function noted({ numbers, words, hasPercents }: CsvColumn, count: number): string {
  if (numbers === count) return hasPercents ? ' (1% is 0.01)' : '';
  if (words) return ` (${words[1]} or ${words[0]})`;
  return numbers === 0 ? ' (no numbers)' : ` (${numbers} of ${count} are numbers)`;
}

function Preview({ csv: { columns, rows, hasHeader, decimal }, chosen, onToggle, onTurn }: PreviewProps) {
  return (
    <>
      <Text size="sm">
        {rows.length.toLocaleString('en')} rows, {columns.length} columns;{' '}
        {hasHeader ? 'the first row names them.' : 'no names in the first row.'} Ticked columns are taken.
        {decimal === ',' && ' A comma in a number is its decimal point.'}
      </Text>
      <Table.ScrollContainer minWidth={300}>
        <Table fz="xs" withTableBorder aria-label="First rows of the file">
          <Table.Thead>
            <Table.Tr>
              {columns.map((column) => (
                <Table.Th key={column.name}>
                  <Checkbox
                    size="xs"
                    label={`${column.name}${noted(column, rows.length)}`}
                    checked={chosen.has(column.name)}
                    onChange={() => onToggle(column.name)}
                  />
                  {column.words && chosen.has(column.name) && (
                    <Button
                      size="compact-xs"
                      variant="subtle"
                      mih={24}
                      aria-label={`${column.name}: ${column.words[1]} is 1, ${column.words[0]} is 0. Exchange them`}
                      onClick={() => onTurn(column.name)}
                    >
                      {column.words[1]} = 1, {column.words[0]} = 0 ⇄
                    </Button>
                  )}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, PREVIEW_ROWS).map((row, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
              <Table.Tr key={i}>
                {columns.map(({ name }, j) => (
                  <Table.Td key={name} {...(!chosen.has(name) && { c: 'dimmed' })}>
                    {row[j]}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

export default function DataDialog() {
  const draft = useStore((store) => store.dataDraft);
  const show = useStore((store) => store.showDataDialog);
  const close = useStore((store) => store.closeDataDialog);
  const putTable = useStore((store) => store.putTable);
  const [name, setName] = useState<string | null>(null);
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const [exchanged, setExchanged] = useState<ReadonlySet<string>>(new Set());
  const [writesLine, setWritesLine] = useState(true);
  const editText = useStore((store) => store.editText);
  const [leavesGapsOut, setLeavesGapsOut] = useState(false);
  const [failed, setFailed] = useState<string | null>(null);
  const { text, fileName } = draft ?? { text: '', fileName: '' };
  const { read, isLong } = useCsv(text.trim() === '' && fileName === '' ? null : text);
  const csv = useMemo(() => (read?.ok ? [...exchanged].reduce(turned, read.value) : null), [read, exchanged]);
  const chosen = useMemo(
    () =>
      new Set(
        csv?.columns
          .filter(({ name, numbers }) => numbers > csv.rows.length / 2 !== toggled.has(name))
          .map((column) => column.name) ?? [],
      ),
    [csv, toggled],
  );
  const table = useMemo(() => csv && tableFrom(csv, chosen, leavesGapsOut), [csv, chosen, leavesGapsOut]);
  const gaps = useMemo(() => (csv ? csv.rows.length - completeRows(csv, chosen) : 0), [csv, chosen]);
  const isSmall = useMemo(() => table?.ok && fitsIntoLink(table.value), [table]);
  const tableName = name ?? nameOf(fileName);
  const isName = identifierOf(tableName) === tableName;
  const fault =
    read?.ok === false ? read.diagnostics[0]?.message : table?.ok === false ? table.diagnostics[0]?.message : null;

  const take = (next: string, from: string) => {
    setToggled(new Set());
    setExchanged(new Set());
    setLeavesGapsOut(false);
    setName(null);
    show({ text: next, fileName: from });
  };
  const takeFile = async (file: File | null | undefined) => file && take(await file.text(), file.name);
  const toggle = (column: string) => setToggled((before) => withOrWithout(before, column));
  const turn = (column: string) => setExchanged((before) => withOrWithout(before, column));
  const add = async () => {
    if (!table?.ok) return;
    try {
      await putTable(tableName, table.value, fileName || 'pasted table');
      if (line !== null && writesLine) editText(withDataLine(problem, line), null);
      close();
    } catch {
      setFailed('The table could not be kept: this browser has no room, or does not allow it.');
    }
  };

  const problem = useStore(({ experiment }) => experiment.problem);
  const columns = table?.ok ? table.value.columns.map(identifierOf) : [];
  const line = table?.ok && isName ? usingLine(tableName, columns, problem) : null;
  return (
    <Modal opened onClose={close} title="Data from a file" size="lg">
      <div style={{ display: 'grid', gap: 12 }}>
        <Group>
          <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={(file) => void takeFile(file)}>
            {(props) => <Button {...props}>Choose a CSV file</Button>}
          </FileButton>
          <Text size="sm" c="dimmed">
            or drop one on the page, or paste the table:
          </Text>
        </Group>
        <Textarea
          aria-label="Table as text"
          placeholder={'area,rooms,price\n50,2,100\n80,3,150'}
          value={text.length > 20_000 ? `${text.slice(0, 20_000)}\n…` : text}
          readOnly={text.length > 20_000}
          onChange={(event) => take(event.currentTarget.value, fileName)}
          autosize
          minRows={3}
          maxRows={5}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        {isLong && (
          <Group gap="xs" role="status">
            <Loader size="xs" aria-hidden />
            <Text size="sm">Reading the table. Close this window to leave it.</Text>
          </Group>
        )}
        {csv && <Preview csv={csv} chosen={chosen} onToggle={toggle} onTurn={turn} />}
        {csv && chosen.size > 0 && gaps > 0 && gaps < csv.rows.length && (
          <Checkbox
            label={`Leave out ${gaps === 1 ? 'the row' : `the ${gaps} rows`} without a number in every ticked column`}
            checked={leavesGapsOut}
            onChange={(event) => setLeavesGapsOut(event.currentTarget.checked)}
          />
        )}
        {(fault ?? failed) && (
          <Alert color="red" variant="light">
            {fault ?? failed}
          </Alert>
        )}
        {table?.ok && (
          <>
            <TextInput
              label="Name in the text"
              value={tableName}
              error={isName ? null : 'A name has letters, digits and _, and begins with a letter.'}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            {line === null ? (
              <Text size="sm">The text names it already.</Text>
            ) : (
              <Checkbox
                label={
                  <>
                    Write <Code>{line}</Code> into the text
                  </>
                }
                description={columns.length > 1 && `${tableName}() alone is a matrix of all the columns.`}
                checked={writesLine}
                onChange={(event) => setWritesLine(event.currentTarget.checked)}
              />
            )}
            {!isSmall && (
              <Text size="sm" c="dimmed">
                This table is too large for a link. It stays in this browser; whoever opens your link needs the file,
                too.
              </Text>
            )}
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button disabled={!table?.ok || !isName} onClick={() => void add()}>
            Add the table
          </Button>
        </Group>
      </div>
    </Modal>
  );
}
