/** The typeset problem, fetched with what sets it. */
import { lazy, Suspense } from 'react';

const DocumentFormula = lazy(() => import('./document-formula.tsx'));

export const ProblemFormula = () => (
  <Suspense fallback={null}>
    <DocumentFormula />
  </Suspense>
);
