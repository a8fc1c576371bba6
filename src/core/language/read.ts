/** Text → Document. Never throws, whatever the text. What is wrong is said; fixes that take a second look are with `parse`. */
import type { SyntaxNode, Tree } from '@lezer/common';
import { at, type Diagnostic, failure, fault, invariant, type Result, type Span, success } from '../diagnostic.ts';
import { Converter, contentOf, nodesIn, ORDERS, spanOf } from './convert.ts';
import type { ConstraintStatement, Document, Named, RelationOperator, Statement } from './document.ts';
import type { Expr } from './expr.ts';
import { parser } from './feasible.grammar';
import { wordFix } from './juxtaposition.ts';
import { MAX_CHARACTERS, MAX_DIAGNOSTICS, tooLong } from './limits.ts';
import { relationOf } from './plain/python-kept.ts';
import { hiddenCharacters, isKeyword, scan, type Token, unmatchedBracket } from './scan.ts';
import { explainSyntax, NO_FUNCTIONS } from './syntax-errors.ts';

/** Unicode has more line ends, and strings hold halves of characters: as long as before, so that spans stay. */
const plainSigns = (text: string): string =>
  text.replace(/[\u0085\u2028\u2029]/gu, '\n').replace(/\p{Surrogate}/gu, '\ufffd');

export function read(typed: string): Result<Document> {
  if (typed.length > MAX_CHARACTERS) return fault(tooLong(typed.length), [MAX_CHARACTERS, typed.length]);
  const text = plainSigns(typed);
  const tokens = scan(text);
  const hidden = hiddenCharacters(tokens);
  if (hidden.length > 0) return failure(...hidden.slice(0, MAX_DIAGNOSTICS));
  const bracket = unmatchedBracket(text, tokens);
  if (bracket) return failure(bracket);
  const tree = parser.parse(text);
  const errors = syntaxErrors(text, tokens, tree);
  if (errors.length > 0) return failure(...errors);
  const converter = new StatementConverter(text);
  const statements = converter.document(tree.topNode);
  if (converter.diagnostics.length > 0) return failure(...converter.diagnostics.slice(0, MAX_DIAGNOSTICS));
  return success({ text: typed, statements });
}

/** One explanation for each line on which the parser failed. */
function syntaxErrors(text: string, tokens: readonly Token[], tree: Tree): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  let lineEnd = -1;
  tree.iterate({
    enter({ type, from }) {
      if (!type.isError || from <= lineEnd || diagnostics.length >= MAX_DIAGNOSTICS) return;
      if (diagnostics.length > 0 && beginsLine(text, tokens, from)) return; // where the parser finds back
      diagnostics.push(explainSyntax(text, tokens, from));
      const offset = text.slice(from).search(/[\n\r]/u);
      lineEnd = offset < 0 ? text.length : from + offset;
    },
  });
  return diagnostics;
}

/** Whether a keyword stands there, first on its line. */
function beginsLine(text: string, tokens: readonly Token[], from: number): boolean {
  const word = tokens.find(({ span }) => span[0] === from)?.text;
  return word !== undefined && isKeyword(word) && /(?:^|[\n\r])\s*$/u.test(text.slice(0, from));
}

const RELATIONS: ReadonlyMap<string, RelationOperator> = new Map([['=', '='], ['==', '='], ['in', 'in'], ...ORDERS]);

const MEANT: ReadonlyMap<string, string> = new Map([
  ['=<', '<='],
  ['=>', '>='],
]);

class StatementConverter extends Converter {
  private constrained = false;
  private afterComma = false;

  document(top: SyntaxNode): Statement[] {
    const statements: Statement[] = [];
    for (const node of nodesIn(top)) {
      if (node.name === 'SubjectTo') this.constrained = true;
      else if (node.name !== ',' && node.name !== ';') statements.push(...this.statement(node));
      this.afterComma = node.name === ',';
    }
    return statements;
  }

  private statement(node: SyntaxNode): Statement[] {
    switch (node.name) {
      case 'ParameterStatement':
        return nodesIn(node)
          .filter(({ name }) => name === 'Parameter')
          .map((declaration) => this.parameter(declaration));
      case 'DataStatement':
        return [this.data(node)];
      case 'DefinitionStatement':
        return nodesIn(node)
          .filter(({ name }) => name === 'Definition')
          .map((definition) => this.definition(definition));
      case 'ObjectiveStatement':
        return [this.objective(node)];
      case 'Constraint':
        return this.constraint(node);
      default:
        invariant(false, `no statement is made from ${node.name}`);
    }
  }

  private parameter(node: SyntaxNode): Statement {
    const start = node.getChild('Start');
    const draw = node.getChild('Draw');
    const value = draw && this.inner(draw);
    if (value && value.kind !== 'call') {
      const fix = { title: 'Write normal(0, 1)', span: value.span, insert: 'normal(0, 1)' };
      this.report('After ~ stands a distribution: normal(0, 1) or uniform(-1, 1).', value.span, fix);
    }
    return {
      kind: 'parameter',
      ...this.declaration(node),
      ...(start && { start: this.inner(start) }),
      ...(value?.kind === 'call' && { draw: value }),
      span: spanOf(node),
    };
  }

  private data(node: SyntaxNode): Statement {
    const start = node.getChild('Start');
    invariant(start, 'data has a value');
    const declared = node.getChildren('Data').map((data) => {
      const { declared, shape } = this.declaration(data);
      return { ...declared, shape };
    });
    return { kind: 'data', declared, value: this.inner(start), span: spanOf(node) };
  }

  private definition(node: SyntaxNode): Statement {
    const [name, value] = contentOf(node);
    invariant(name && value, 'a definition has a name and a value');
    return { kind: 'definition', declared: this.named(name), value: this.expression(value), span: spanOf(node) };
  }

  private objective(node: SyntaxNode): Statement {
    const [sense, value] = contentOf(node);
    invariant(sense && value, 'an objective has a sense and a value');
    const isMaximize = this.textOf(sense).startsWith('max');
    return {
      kind: 'objective',
      sense: isMaximize ? 'maximize' : 'minimize',
      value: this.expression(value),
      span: spanOf(node),
    };
  }

  private constraint(node: SyntaxNode): Statement[] {
    const children = nodesIn(node);
    const prefixes = children.filter(({ name }) => name === 'Prefix');
    const relations = children.filter(({ name }) => name === 'Relation');
    const others = children.filter(({ name }) => name !== 'Prefix' && name !== 'Relation');
    const span = spanOf(node);
    if (relations.length === 0) {
      this.reportUnrelated(span, others[0]?.name === 'Sum');
      return [];
    }
    if (!this.constrained) {
      this.constrained = true;
      const fix = { title: 'Write subject to', span: [span[0], span[0]] as const, insert: 'subject to ' };
      this.report('Constraints follow the words subject to.', span, fix);
    }
    const operators = relations.map((relation) => ({ operator: this.relation(relation), span: spanOf(relation) }));
    const operands = others.map((other) => this.expression(other));
    return [{ kind: 'constraint', ...this.prefixes(prefixes), operands, operators, span }];
  }

  private relation(node: SyntaxNode): RelationOperator {
    const typed = this.textOf(node);
    const operator = RELATIONS.get(typed);
    if (operator) return operator;
    const span = spanOf(node);
    const meant = MEANT.get(typed);
    if (meant) this.report(`${typed} is written ${meant}.`, span, { title: `Write ${meant}`, span, insert: meant });
    else
      this.report(
        `${typed} cannot be a constraint: almost every point satisfies it. Constraints are =, <= or >=.`,
        span,
      );
    return '=';
  }

  private prefixes(nodes: readonly SyntaxNode[]): Pick<ConstraintStatement, 'label' | 'priority'> {
    let label: Named | undefined;
    let priority: Expr | undefined;
    for (const node of nodes) {
      const value = this.expression(
        at(
          contentOf(node).filter(({ name }) => name !== ':'),
          0,
        ),
      );
      if (value.kind === 'name' && !label) label = { name: value.name, span: value.span };
      else if (value.kind === 'call' && value.name === 'soft' && value.args.length === 1 && !priority)
        priority = at(value.args, 0);
      else this.report('Before the colon stands one name, the label of the constraint, or soft(weight).', value.span);
    }
    return { ...(label && { label }), ...(priority && { priority }) };
  }

  private reportUnrelated(span: Span, isSum: boolean): void {
    const typed = this.text.slice(span[0], span[1]);
    if (this.afterComma && /^\d/u.test(typed)) {
      const comma = this.text.lastIndexOf(',', span[0]);
      const before = /(?<![\d.])[1-9]\d{0,2}$/u.exec(this.text.slice(0, comma))?.[0];
      if (before && /^\d{3}$/u.test(typed)) {
        const said = `${before},${typed} is read in two ways: write ${before}${typed} or ${before}.${typed}.`;
        this.report(said, [comma - before.length, span[1]]);
        return;
      }
      const fix = { title: 'Write a point', span: [comma, span[0]] as const, insert: '.' };
      this.report('A decimal number is written with a point: 1.5, not 1,5.', span, fix);
    } else if (/^[+\-−]/u.test(typed)) {
      this.report(
        `This line has no =, <= or >=. If it continues the line before, end that line with ${typed.slice(0, 1)} instead.`,
        span,
        this.joined(span[0]),
      );
    } else if (this.constrained) {
      const is = /\sis\s/u.exec(typed);
      if (is) {
        const word: Span = [span[0] + is.index + 1, span[0] + is.index + 3];
        this.report('Equality is written =.', word, wordFix(this.text, word));
        return;
      }
      const next = /^\s*(?=[+\-−])/u.exec(this.text.slice(span[1]));
      const continued = next ? this.joined(span[1] + next[0].length) : undefined;
      if (continued) {
        this.report('A constraint needs =, <= or >=.', span, continued);
        return;
      }
      const end = [span[1], span[1]] as const;
      const isListed = /^\s*,/u.test(this.text.slice(span[1])); // x, y >= 1
      const kept = relationOf(typed);
      if (kept !== null) {
        const fix = { title: `Write ${kept}`, span, insert: kept };
        this.report('A constraint says what holds, with =, <= or >=, not what is done after a step.', span, fix);
        return;
      }
      const fix = isListed || !isSum ? undefined : { title: 'Write = 0', span: end, insert: ' = 0' };
      this.report('A constraint needs =, <= or >=.', span, fix);
    } else if (/^def\b/u.test(typed)) {
      this.report(NO_FUNCTIONS, [span[0], span[0] + 3]);
    } else {
      const isSecond = /^\s*(?:min|max)imi[sz]e\b/mu.test(this.text);
      const fix = { title: 'Write minimize', span: [span[0], span[0]] as const, insert: 'minimize ' };
      const message = 'This says nothing to do. To minimize it, write minimize before it.';
      if (isSecond) this.report('This says nothing to do. What must hold stands after subject to.', span);
      else this.report(message, span, fix);
    }
  }

  /** The line that begins here as the end of the one before, where nothing but blanks is between. */
  private joined(from: number): Diagnostic['fix'] {
    const end = this.text.slice(0, from).trimEnd().length;
    const line =
      this.text
        .slice(0, end)
        .split(/[\n\r]/u)
        .at(-1) ?? '';
    return end === 0 || line.includes('#') ? undefined : { title: 'Join the lines', span: [end, from], insert: ' ' };
  }

  /** The expression after a sign such as `=` or `~`. */
  private inner = (node: SyntaxNode): Expr => this.expression(at(contentOf(node), 0));

  private named = (node: SyntaxNode): Named => ({ name: this.nameOf(node), span: spanOf(node) });

  private declaration(node: SyntaxNode): { declared: Named; shape: readonly Expr[] } {
    const name = node.getChild('Defined');
    invariant(name, 'a declaration has a name');
    const shape = node.getChild('Shape');
    return {
      declared: this.named(name),
      shape: shape ? contentOf(shape).map((length) => this.expression(length)) : [],
    };
  }
}
