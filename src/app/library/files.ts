/** Experiments as files: written to the downloads, read from a picker or from what is dropped on the page. */
import type { Listing } from '../../core/contracts.ts';
import { fault, type Result, success } from '../../core/diagnostic.ts';
import type { Experiment } from '../../core/experiment/experiment.ts';
import { faultyEntries } from '../../core/experiment/faulty-entries.ts';
import { counted, MAX_FILE } from '../../core/experiment/limits.ts';
import { decodeLink, isLink } from '../../core/experiment/link/codec.ts';
import { readExperiment, writeExperiment } from '../../core/experiment/link/file.ts';
import type { StoreApi } from '../store/store.ts';

const SUFFIX = '.feasible.json';

/** Names that Windows keeps for itself. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i;

/** A file name from a title: letters and digits of any script, the rest as hyphens. */
export function fileName(title: string, suffix: string = SUFFIX): string {
  const letters = [...title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '')]; // whole ones: some take two code units
  const plain = letters.slice(0, 60).join('');
  return `${plain === '' || RESERVED.test(plain) ? 'experiment' : plain}${suffix}`;
}

/** With its tables: the file opens on any device. */
export async function saveAsFile(experiment: Experiment, store: StoreApi): Promise<void> {
  const whole = writeExperiment(await store.getState().withItsTables(experiment));
  download(new Blob([whole], { type: 'application/json' }), fileName(experiment.title ?? ''));
}

export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Opens the text of a file, or a link; what is wrong with it is reported, and what was open stays. */
export async function openText(text: string, store: StoreApi, catalog: Listing): Promise<void> {
  const { load, report, refuse, keepingItsTables } = store.getState();
  const hash = text.trim().slice(Math.max(0, text.trim().indexOf('#')));
  const isAddress = /^https?:\/\/\S*$/u.test(text.trim());
  const read = isLink(hash)
    ? await decodeLink(hash)
    : isAddress
      ? fault('This address holds no experiment: links of Feasible have #e= in them.')
      : readExperiment(text);
  if (!read.ok) return refuse(read.diagnostics);
  const { experiment, diagnostics } = read.value;
  load(await keepingItsTables(experiment));
  report([...diagnostics, ...faultyEntries(experiment, catalog)]);
}

/** Refused by its size alone: what is too large is not read. */
export async function textOf(file: Pick<File, 'size' | 'text'>): Promise<Result<string>> {
  if (file.size > MAX_FILE)
    return fault(`The file has ${counted(file.size)} bytes; at most ${counted(MAX_FILE)} fit. It was not read.`);
  return success(await file.text());
}

const WORKBOOK = /\.(?:xlsx?|xlsm|ods|numbers)$/iu;
const AS_CSV = 'A workbook is not read here. Save its sheet as CSV, and open that file.';

/** Opens a file of the reader's; a table goes to where its columns are chosen, a program into the text. */
export async function openFileOf(file: File, store: StoreApi, catalog: Listing): Promise<void> {
  const text = await textOf(file);
  const { refuse, report, showDataDialog, editText } = store.getState();
  if (!text.ok) return refuse(text.diagnostics);
  if (WORKBOOK.test(file.name)) return refuse([{ severity: 'error', message: AS_CSV }]);
  const isJson = text.value.trimStart().startsWith('{');
  if (/\.(?:csv|tsv)$/iu.test(file.name) || (/\.(?:txt|dat)$/iu.test(file.name) && !isJson)) {
    report([]);
    showDataDialog({ text: text.value, fileName: file.name });
  } else if (/\.py$/iu.test(file.name)) {
    report([]);
    editText(text.value, null); // as if it were pasted
  } else await openText(text.value, store, catalog);
}

/** One experiment is open at a time: of several files that are dropped together none is guessed to be meant. */
export async function openDropped(files: readonly File[], store: StoreApi, catalog: Listing): Promise<void> {
  const [file, ...others] = files;
  if (file && others.length === 0) return openFileOf(file, store, catalog);
  const message = `${files.length} files were dropped. Drop one at a time: an experiment, a table or a program.`;
  store.getState().refuse([{ severity: 'error', message }]);
}

/** Asks for a file and opens it. */
export function openFile(store: StoreApi, catalog: Listing): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = '.json,application/json,.csv,.tsv,.txt,.py';
  input.addEventListener('change', async () => {
    const [file] = input.files ?? [];
    if (file) await openFileOf(file, store, catalog);
  });
  input.click();
}
