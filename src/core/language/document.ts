/** What the text says, statement by statement, before names and shapes are looked at. */
import type { Span } from '../diagnostic.ts';
import type { CallExpr, Expr } from './expr.ts';

export interface Named {
  readonly name: string;
  readonly span: Span;
}

/** One declaration of `param`: `w[3] = …` or `V[2, 4] ~ normal(0, 1)`. */
export interface ParameterStatement {
  readonly kind: 'parameter';
  readonly declared: Named;
  /** Lengths along the axes; empty for a scalar. */
  readonly shape: readonly Expr[];
  readonly start?: Expr;
  readonly draw?: CallExpr;
  readonly span: Span;
}

/** `data X[100, 3], y[100] = …`. */
export interface DataStatement {
  readonly kind: 'data';
  readonly declared: readonly (Named & { readonly shape: readonly Expr[] })[];
  readonly value: Expr;
  readonly span: Span;
}

/** One declaration of `let`. */
export interface DefinitionStatement {
  readonly kind: 'definition';
  readonly declared: Named;
  readonly value: Expr;
  readonly span: Span;
}

export interface ObjectiveStatement {
  readonly kind: 'objective';
  readonly sense: 'minimize' | 'maximize';
  readonly value: Expr;
  readonly span: Span;
}

export type RelationOperator = '=' | '<=' | '>=' | '<' | '>' | 'in';

/** A relation or a chain: operands[i] operators[i] operands[i + 1]. */
export interface ConstraintStatement {
  readonly kind: 'constraint';
  readonly label?: Named;
  /** w of `soft(w):`. */
  readonly priority?: Expr;
  readonly operands: readonly Expr[];
  readonly operators: readonly { readonly operator: RelationOperator; readonly span: Span }[];
  readonly span: Span;
}

export type Statement =
  | ParameterStatement
  | DataStatement
  | DefinitionStatement
  | ObjectiveStatement
  | ConstraintStatement;

export interface Document {
  readonly text: string;
  readonly statements: readonly Statement[];
}
