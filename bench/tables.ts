/** Tables in Markdown as elements of a page. */

/** Headings and tables of a text that `markdown` made. */
export function tablesOf(text: string): HTMLElement[] {
  const elements: HTMLElement[] = [];
  let rows: string[][] = [];
  const close = () => {
    if (rows.length > 0) elements.push(tableOf(rows));
    rows = [];
  };
  for (const line of text.split('\n')) {
    if (line.startsWith('|'))
      rows.push(
        line
          .slice(1, -1)
          .split('|')
          .map((cell) => cell.trim()),
      );
    else close();
    if (line.startsWith('### ')) {
      const title = document.createElement('h2');
      title.textContent = line.slice(4);
      elements.push(title);
    }
  }
  close();
  return elements;
}

function tableOf([head = [], , ...body]: readonly string[][]): HTMLElement {
  const table = document.createElement('table');
  const row = (cells: readonly string[], kind: 'th' | 'td') => {
    const line = document.createElement('tr');
    for (const text of cells) {
      const cell = document.createElement(kind);
      if (kind === 'th') cell.setAttribute('scope', 'col');
      cell.textContent = text;
      line.append(cell);
    }
    return line;
  };
  const [top, rest] = [document.createElement('thead'), document.createElement('tbody')];
  top.append(row(head, 'th'));
  rest.append(...body.map((cells) => row(cells, 'td')));
  table.append(top, rest);
  const scroll = document.createElement('div');
  scroll.className = 'scroll';
  scroll.append(table);
  return scroll;
}
