// Builds elements and keeps tables up to date. Every text from the server becomes a text node: names come from strangers.

/** el('td.number', 'text', child …): an element with classes; a last plain object holds properties and attributes. */
export function el(what, ...content) {
  const [tag, ...classes] = what.split('.');
  const element = document.createElement(tag);
  element.classList.add(...classes);
  const last = content.at(-1);
  if (last && Object.getPrototypeOf(last) === Object.prototype) {
    for (const [name, value] of Object.entries(content.pop())) {
      if (typeof value === 'function') {
        element.addEventListener(name, value);
      } else if (value !== undefined) {
        element.setAttribute(name, value);
      }
    }
  }

  element.append(...content.filter((part) => part !== undefined && part !== null));
  return element;
}

/** A name that a stranger chose: apart from the text around it, also where it is written from right to left. */
export const name = (text, tag = 'bdi') => el(`${tag}.name`, text, { title: text });

/** How much of a limit is used. */
export function bar(used, maximum, label, number) {
  const share = maximum > 0 ? Math.min(1, used / maximum) : 0;
  const level = used === 0 ? 'none' : share >= 0.9 ? 'full' : share >= 0.7 ? 'high' : 'fine';
  const fill = el('span.fill');
  fill.style.inlineSize = `${used > 0 ? Math.max(share * 100, 2) : 0}%`;
  return el(
    `div.use.${level}`,
    el('span.figure', el('b', number(used)), ` / ${number(maximum)}`, { 'aria-hidden': 'true' }),
    el('span.track', fill, { role: 'meter', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': maximum, 'aria-valuenow': used, 'aria-valuetext': `${number(used)} of ${number(maximum)}` }),
  );
}

export class Table {
  #table;
  #body;
  #empty;
  #columns = [];
  #rows = new Map();

  /** @param host where it stands; @param label what it lists; @param key names a row for good */
  constructor(host, label, key) {
    this.key = key;
    // The roles stay where a narrow screen takes the table apart.
    this.#body = el('tbody', { role: 'rowgroup' });
    this.#table = el('table', el('thead', { role: 'rowgroup' }), this.#body, { role: 'table', 'aria-label': label });
    this.#empty = el('p.empty');
    host.append(this.#table, this.#empty);
  }

  /**
   * @param columns title, class and cell(item), which gives what stands in it
   * @param items the rows, in order
   * @param empty what is said where there are none
   */
  show(columns, items, empty) {
    this.#showHead(columns);
    const old = this.#rows;
    this.#rows = new Map(items.map((item) => [this.key(item), old.get(this.key(item)) ?? el('tr', { role: 'row' })]));
    for (const [key, row] of old) {
      if (!this.#rows.has(key)) {
        row.remove();
      }
    }

    items.forEach((item, at) => {
      const row = this.#rows.get(this.key(item));
      this.#fill(row, item);
      if (this.#body.children[at] !== row) {
        this.#body.insertBefore(row, this.#body.children[at] ?? null);
      }
    });
    this.#table.hidden = items.length === 0;
    this.#empty.hidden = items.length > 0;
    this.#empty.textContent = empty;
  }

  #showHead(columns) {
    const titles = columns.map((column) => column.title).join('|');
    if (this.#columns.map((column) => column.title).join('|') !== titles) {
      this.#table.tHead.replaceChildren(el('tr', ...columns.map((c) => el(`th${c.kind ? `.${c.kind}` : ''}`, el('span', c.title), { role: 'columnheader', scope: 'col' })), { role: 'row' }));
      this.#rows.clear();
      this.#body.replaceChildren();
    }

    this.#columns = columns;
  }

  /** Changes only the cells that say something else than before, so that nobody loses focus or selection. */
  #fill(row, item) {
    this.#columns.forEach((column, at) => {
      const cell = el(`td${column.kind ? `.${column.kind}` : ''}`, ...[column.cell(item)].flat(), { role: 'cell', 'data-title': column.title });
      if (!row.children[at]) {
        row.append(cell);
      } else if (!row.children[at].isEqualNode(cell)) {
        const focused = row.children[at].contains(document.activeElement);
        row.children[at].replaceWith(cell);
        if (focused) {
          cell.querySelector('button')?.focus();
        }
      }
    });
  }
}
