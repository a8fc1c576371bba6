/**
 * What the page loads first: the frame, drawn as soon as React is there, and the promise of `window.feasible`. What computes
 * (`workshop.tsx`) is fetched beside it, and takes its place.
 */
import './app/mantine.css';
import './app/app.css';
import { createRoot } from 'react-dom/client';
import { embedOptions } from './app/api/embed-options.ts';
import { promisedFeasible } from './app/api/promised-feasible.ts';
import { keepFirstPicture } from './app/components/figure-on-its-way.tsx';
import { NotLoaded, Opening } from './app/opening.tsx';
import { invariant } from './core/diagnostic.ts';

const embed = embedOptions(window.location.search);
const element = document.getElementById('root');
invariant(element, 'index.html has an element with the id root');
const picture = element.querySelector('svg');
if (window.location.hash === '') keepFirstPicture(picture); // a link shows something else
const root = createRoot(element);
const loading = import('./workshop.tsx');
const feasible = loading.then(({ openWorkshop }) => openWorkshop(root, embed));

window.feasible = promisedFeasible(feasible);
root.render(<Opening picture={picture} embed={embed} />);
feasible.catch((error: unknown) => {
  console.error(error);
  root.render(<NotLoaded embed={embed} />);
});
