/** One page on paper: the problem as text and formula, the picture, the table of runs. On the screen it is not there. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Listing } from '../../core/contracts.ts';
import { MarkedText } from '../components/marked-text.tsx';
import { shortNumber } from '../number-text.ts';
import { isHidden, useHidden } from '../store/hidden-parts.ts';
import { stepOf } from '../store/lesson-slice.ts';
import type { Column } from '../store/run-columns.ts';
import { runNames } from '../store/run-name.ts';
import { runRows } from '../store/run-table.ts';
import type { Store } from '../store/store.ts';
import { useCatalog, useResults, useStore, useStoreApi } from '../store/use-store.ts';
import classes from './print-sheet.module.css';
import { ProblemFormula } from './problem/problem-formula.tsx';

const PrintContext = createContext<() => void>(() => window.print());

/** Draws the picture for paper, then opens the browser's dialog. */
export const usePrint = (): (() => void) => useContext(PrintContext);

const SIZE = { width: 960, height: 600 } as const;

export function PrintProvider({ children }: { readonly children: ReactNode }) {
  const store = useStoreApi();
  const catalog = useCatalog();
  const [picture, setPicture] = useState<string | null>(null);
  const [layers, setLayers] = useState<readonly Element[] | null>(null);
  const [isPrinting, setPrinting] = useState(false);
  const drawing = useDrawing();
  const print = useCallback(async () => {
    const { pictureImage } = await import('./stage/picture-image.ts');
    const blob = await pictureImage(store.getState(), catalog, 'svg', { theme: 'light', ...SIZE }).catch(() => null);
    const address = blob && URL.createObjectURL(blob);
    if (address) await decoded(address);
    setPicture(address);
    window.print(); // returns when the dialog is closed, in most browsers
  }, [store, catalog]);
  useEffect(() => {
    const begin = () => {
      const { current: draw } = drawing;
      const drawn = draw ? draw(store.getState(), catalog) : null;
      flushSync(() => {
        setLayers(drawn);
        setPrinting(true);
      }); // the sheet must be there before the browser looks
    };
    const end = () => {
      setPrinting(false);
      setPicture(null); // the next one may be of another experiment
    };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', end);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', end);
    };
  }, [store, catalog, drawing]);
  useEffect(() => {
    if (picture === null) return;
    return () => URL.revokeObjectURL(picture);
  }, [picture]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'p' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      void print();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [print]);
  return (
    <PrintContext value={() => void print()}>
      {children}
      {isPrinting && <Sheet picture={picture} layers={layers} />}
    </PrintContext>
  );
}

type Draw = (state: Store, catalog: Listing) => readonly Element[] | null;

/** What draws on white paper without waiting, once there is a picture to draw. */
function useDrawing() {
  const store = useStoreApi();
  const drawing = useRef<Draw | null>(null);
  useEffect(() => {
    let isBegun = false;
    const prepare = async () => {
      if (isBegun) return;
      isBegun = true;
      const [{ pictureFigure }, { drawAtOnce, prepareDrawing }] = await Promise.all([
        import('./stage/picture-image.ts'),
        import('../components/plot/figure-image.ts'),
      ]);
      await prepareDrawing();
      drawing.current = (state, catalog) => {
        const figure = pictureFigure(state, catalog, { theme: 'light', ...SIZE });
        return figure && drawAtOnce(figure, SIZE);
      };
    };
    const prepareOnce = ({ picture, phase }: Store) => {
      if (picture !== null && phase === 'idle') prepare().catch(() => undefined); // then the screen's picture is printed
    };
    prepareOnce(store.getState());
    return store.subscribe(prepareOnce);
  }, [store]);
  return drawing;
}

/** Resolves when the picture can be painted at once. */
async function decoded(address: string): Promise<void> {
  const image = new Image();
  image.src = address;
  await image.decode().catch(() => undefined);
}

interface SheetProps {
  readonly picture: string | null;
  readonly layers: readonly Element[] | null;
}

function Sheet({ picture, layers }: SheetProps) {
  const { title, notes, problem } = useStore((store) => store.experiment);
  const hidesText = useHidden('editor');
  return (
    <article className={classes.sheet}>
      <h1>{title ?? 'Untitled experiment'}</h1>
      {notes && <p>{notes}</p>}
      <LessonWords />
      <div className={classes.problem}>
        {!hidesText && <pre>{problem}</pre>}
        <ProblemFormula />
      </div>
      {picture ? (
        <img className={classes.picture} src={picture} alt="The paths of the runs" />
      ) : (
        <ScreenPicture layers={layers} />
      )}
      <Runs />
    </article>
  );
}

/** The open step of a lesson, for a class on paper: no answer, and no way to it. */
function LessonWords() {
  const open = useStore((store) => store.lesson);
  const step = open && stepOf(open);
  if (!step) return null;
  const { text, ask, task } = step;
  return (
    <section>
      <p>
        <MarkedText text={text} />
      </p>
      <p>
        <MarkedText text={ask.question} />
      </p>
      {ask.kind === 'choice' && (
        <ul>
          {ask.options.map((option) => (
            <li key={option}>
              <MarkedText text={option} />
            </li>
          ))}
        </ul>
      )}
      <p>
        <MarkedText text={task.text} />
      </p>
    </section>
  );
}

/** Printed from the browser's own menu: what was drawn for paper at once, else the picture of the screen. */
function ScreenPicture({ layers }: Pick<SheetProps, 'layers'>) {
  const attach = useCallback(
    (host: HTMLDivElement | null) => {
      const given = layers ?? [...document.querySelectorAll('main [role="application"] .main-svg')];
      host?.replaceChildren(
        ...given.map((layer) => {
          const copy = layer.cloneNode(true) as SVGElement;
          const { width, height } = layers ? SIZE : layer.getBoundingClientRect();
          copy.setAttribute('viewBox', `0 0 ${width || SIZE.width} ${height || SIZE.height}`);
          copy.removeAttribute('style');
          return copy;
        }),
      );
    },
    [layers],
  );
  return <div ref={attach} className={classes.copied} role="img" aria-label="The paths of the runs" />;
}

const COLUMNS: readonly { readonly key: Column; readonly title: string }[] = [
  { key: 'name', title: 'Run' },
  { key: 'steps', title: 'Steps' },
  { key: 'loss', title: 'Loss' },
  { key: 'violation', title: 'Violation' },
  { key: 'stationarity', title: 'Stationarity' },
];

function Runs() {
  const runs = useStore((store) => store.experiment.runs);
  const picture = useStore((store) => store.picture);
  const view = useStore((store) => store.view);
  const names = runNames(runs ?? [], useCatalog());
  const results = useResults();
  if (results.every((result) => result === null) || isHidden(view, 'runs')) return null;
  const columns = isHidden(view, 'verdicts') ? COLUMNS.slice(0, 2) : COLUMNS;
  return (
    <table className={classes.runs}>
      <thead>
        <tr>
          {columns.map(({ key, title }) => (
            <th key={key} scope="col">
              {title}
            </th>
          ))}
          {columns === COLUMNS && <th scope="col">Verdict</th>}
        </tr>
      </thead>
      <tbody>
        {runRows(picture, results, names).map((row) => (
          <tr key={row.index}>
            {columns.map(({ key }) => {
              const value = row[key];
              return <td key={key}>{typeof value === 'number' ? shortNumber(value, 4) : (value ?? '–')}</td>;
            })}
            {columns === COLUMNS && <td>{row.status}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
