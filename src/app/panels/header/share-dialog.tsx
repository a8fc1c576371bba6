/** Everything that leaves the page: a link and its forms, a file, numbers, scripts, pictures. Loaded when it is first asked for. */
import {
  Alert,
  Button,
  CopyButton,
  Group,
  Stack,
  Switch,
  Tabs,
  Text,
  Textarea,
  TextInput,
  VisuallyHidden,
} from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import type { Listing } from '../../../core/contracts.ts';
import type { Result } from '../../../core/diagnostic.ts';
import { encodeLink } from '../../../core/experiment/link/codec.ts';
import { exportLatex, exportPage, exportRuns, exportScript } from '../../api/export.ts';
import type { ExportKind } from '../../api/types.ts';
import { download, fileName, saveAsFile } from '../../library/files.ts';
import { withResults } from '../../store/kept-results.ts';
import { runNames } from '../../store/run-name.ts';
import type { StoreApi } from '../../store/store.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import { LONG_CODE, QrCode } from './qr-code.tsx';
import { frameSnippet, markdownBadge } from './share-formats.ts';

/** Some chats cut links that are longer. */
const LONG_LINK = 1500;
/** The address of what is open, made anew when a choice changes; null while it is made. */
function useLink(withView: boolean, withNumbers: boolean): Result<string> | null {
  const store = useStoreApi();
  const [link, setLink] = useState<Result<string> | null>(null);
  useEffect(() => {
    let isCurrent = true;
    const state = store.getState();
    const { view, ...bare } = state.snapshot();
    const base = withView ? { ...bare, view: { ...view, ...state.readClock() } } : bare;
    void encodeLink(withNumbers ? withResults(base, state) : base).then((made) => {
      if (isCurrent) setLink(made.ok ? { ok: true, value: `${page()}${made.value}` } : made);
    });
    return () => {
      isCurrent = false;
    };
  }, [store, withView, withNumbers]);
  return link;
}

interface CopiedProps {
  readonly text: string;
  /** Told once it is done. */
  readonly what: string;
  readonly children: string;
}

function Copied({ text, what, children }: CopiedProps) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <>
          <Button size="xs" variant="default" onClick={copy}>
            {copied ? 'Copied' : children}
          </Button>
          <VisuallyHidden role="status">{copied ? `${what} is copied.` : ''}</VisuallyHidden>
        </>
      )}
    </CopyButton>
  );
}

const Snippet = ({ label, text }: { readonly label: string; readonly text: string }) => (
  <Stack gap={4}>
    <Textarea
      label={label}
      readOnly
      autosize
      minRows={2}
      maxRows={4}
      value={text}
      onFocus={(event) => event.currentTarget.select()}
    />
    <Group>
      <Copied text={text} what={`The text “${label}”`}>
        Copy
      </Copied>
    </Group>
  </Stack>
);

/** Why a link may not do, and what does. */
function FileInstead({ children }: { readonly children: string }) {
  const store = useStoreApi();
  return (
    <Alert color="yellow" variant="light" p="xs">
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm">{children}</Text>
        <Button size="compact-sm" variant="default" flex="none" onClick={() => saveAsFile(store.getState().snapshot())}>
          Save as file
        </Button>
      </Group>
    </Alert>
  );
}

function LinkTab({ link, children }: { readonly link: string; readonly children: ReactNode }) {
  const title = useStore((state) => state.experiment.title ?? 'Feasible');
  const canShare = typeof navigator.share === 'function';
  return (
    <Stack gap="sm">
      <TextInput
        label="Link"
        description={`${link.length.toLocaleString('en')} characters. The link is the experiment: nothing is stored anywhere else.`}
        readOnly
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      {link.length > LONG_CODE && (
        <FileInstead>
          {link.length > LONG_LINK
            ? 'Some chats cut links this long, and no phone reads a code of it. A file is safer.'
            : 'A QR code of a link this long has more dots than phones read from a screen. A file is safer.'}
        </FileInstead>
      )}
      {children}
      <Group gap="xs">
        <Copied text={link} what="The link">
          Copy link
        </Copied>
        {canShare && (
          <Button
            size="xs"
            variant="default"
            onClick={() => void navigator.share({ title, url: link }).catch(() => undefined)}
          >
            Send …
          </Button>
        )}
      </Group>
      {link.length <= LONG_CODE && <QrCode text={link} />}
    </Stack>
  );
}

interface Format {
  readonly ending: string;
  readonly title: string;
  readonly says: string;
  make(store: StoreApi, catalog: Listing): Promise<string | Blob>;
}

const page = () => `${window.location.origin}${window.location.pathname}`;

/** What the dialog shows as a message where there is nothing to save. */
function ofResult(result: Result<string>): string {
  if (result.ok) return result.value;
  throw new Error(result.diagnostics.map(({ message }) => message).join(' '));
}

const verb = (kind: ExportKind) => () => window.feasible.export(kind);

const FORMATS: readonly Format[] = [
  {
    ending: '.py',
    title: 'PyTorch script',
    says: '“{run}”, ready for python3 or torchrun.',
    make: verb('pytorch'),
  },
  {
    ending: '.numpy.py',
    title: 'NumPy script',
    says: 'The same run with every slope written out, step for step.',
    make: async (store) => ofResult(await exportScript(store, 'numpy')),
  },
  {
    ending: '.jax.py',
    title: 'JAX script',
    says: 'The same run as pure functions. Ready for jax.jit; scripts of its kind were run with JAX 0.10.',
    make: async (store) => ofResult(await exportScript(store, 'jax')),
  },
  {
    ending: '.csv',
    title: 'Table (CSV)',
    says: 'Every recorded step of every run, in full precision.',
    make: verb('csv'),
  },
  {
    ending: '.runs.json',
    title: 'Runs (JSON)',
    says: 'The same with multipliers and states, and the experiment.',
    make: async (store) => ofResult(await exportRuns(store)),
  },
  {
    ending: '.tex',
    title: 'Problem (LaTeX)',
    says: 'As it would stand in a paper.',
    make: async (store) => ofResult(exportLatex(store.getState())),
  },
  { ending: '.png', title: 'Picture (PNG)', says: 'The figure as it is looked at now.', make: verb('png') },
  { ending: '.svg', title: 'Picture (SVG)', says: 'The same, to scale and edit.', make: verb('svg') },
  {
    ending: '.html',
    title: 'Picture as a page (HTML)',
    says: 'One file with the picture, the problem and a link.',
    make: async (store, catalog) => ofResult(await exportPage(store, catalog, page())),
  },
  {
    ending: '.feasible.json',
    title: 'Experiment (file)',
    says: 'Opens here again, whatever its size.',
    make: verb('json'),
  },
];

/** The run that scripts are of, by its name. */
const useSelectedRun = (catalog: Listing): string =>
  useStore(({ experiment, selectedRun }) => {
    const names = runNames(experiment.runs ?? [], catalog);
    return names[selectedRun] ?? names[0] ?? 'The selected run';
  });

function ExportTab() {
  const store = useStoreApi();
  const catalog = useCatalog();
  const title = useStore((state) => state.experiment.title ?? '');
  const run = useSelectedRun(catalog);
  const [problem, setProblem] = useState<string | null>(null);
  const take = async ({ make, ending }: Format) => {
    setProblem(null);
    try {
      const content = await make(store, catalog);
      download(
        content instanceof Blob ? content : new Blob([content], { type: 'text/plain' }),
        fileName(title, ending),
      );
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Stack gap="sm">
      {problem !== null && (
        <Alert role="alert" color="yellow" variant="light" p="xs">
          <Text size="sm">{problem}</Text>
        </Alert>
      )}
      {FORMATS.map((format) => (
        <Group key={format.title} justify="space-between" wrap="nowrap" gap="sm">
          <div>
            <Text size="sm">{format.title}</Text>
            <Text size="xs" c="dimmed">
              {format.says.replace('{run}', run)}
            </Text>
          </div>
          <Button
            size="xs"
            variant="default"
            flex="none"
            aria-label={`Save: ${format.title}`}
            onClick={() => void take(format)}
          >
            Save
          </Button>
        </Group>
      ))}
    </Stack>
  );
}

export default function ShareDialog() {
  const [withView, setWithView] = useState(true);
  const [withNumbers, setWithNumbers] = useState(false);
  const link = useLink(withView, withNumbers);
  const title = useStore((state) => state.experiment.title ?? '');
  const choices = (
    <Group gap="lg">
      <Switch
        size="xs"
        label="Include my view and playhead"
        checked={withView}
        onChange={(event) => setWithView(event.currentTarget.checked)}
      />
      <Switch
        size="xs"
        label="Include the results, to compare"
        checked={withNumbers}
        onChange={(event) => setWithNumbers(event.currentTarget.checked)}
      />
    </Group>
  );
  const refusal = link !== null && !link.ok && (
    <FileInstead>{link.diagnostics.map(({ message }) => message).join(' ')}</FileInstead>
  );
  return (
    <Tabs defaultValue="link" keepMounted={false}>
      <Tabs.List mb="sm">
        <Tabs.Tab value="link">Link</Tabs.Tab>
        <Tabs.Tab value="embed">Embed</Tabs.Tab>
        <Tabs.Tab value="export">Export</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="link">{link?.ok ? <LinkTab link={link.value}>{choices}</LinkTab> : refusal}</Tabs.Panel>
      <Tabs.Panel value="embed">
        {link?.ok ? (
          <Stack gap="sm">
            {choices}
            <Snippet label="For a web page or a notebook" text={frameSnippet(link.value, title)} />
            <Snippet label="For a README, as Markdown" text={markdownBadge(link.value, title)} />
            <img src="./badge.svg" alt="The badge: open in Feasible" width={128} height={24} />
          </Stack>
        ) : (
          refusal
        )}
      </Tabs.Panel>
      <Tabs.Panel value="export">
        <ExportTab />
      </Tabs.Panel>
    </Tabs>
  );
}
