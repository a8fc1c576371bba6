/** Everything else that leaves the page: a file, numbers, scripts, pictures. */
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Listing } from '../../../core/contracts.ts';
import type { Result } from '../../../core/diagnostic.ts';
import { exportLatex, exportPage, exportRuns, exportScript } from '../../api/export.ts';
import type { ExportKind } from '../../api/types.ts';
import { download, fileName } from '../../library/files.ts';
import { runNames } from '../../store/run-name.ts';
import type { StoreApi } from '../../store/store.ts';
import { useCatalog, useStore, useStoreApi } from '../../store/use-store.ts';
import { pageAddress } from './share-formats.ts';

interface Format {
  readonly ending: string;
  readonly title: string;
  readonly says: string;
  make(store: StoreApi, catalog: Listing): Promise<string | Blob>;
}

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
    make: async (store, catalog) => ofResult(await exportPage(store, catalog, pageAddress())),
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

export function ExportTab() {
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
