// Goes through the pages of a list by their cursors.
import { el } from './table.js';

export class Pager {
  #cursors = [];
  #next;
  #bar = el('div.pager');
  #back;
  #on;
  #where = el('span');

  /** @param host under what it stands; @param what is listed; @param look loads the page that it is at */
  constructor(host, what, look) {
    this.#back = el('button', 'Previous', { type: 'button', 'aria-label': `Previous page of ${what}`, click: () => this.#go(() => this.#cursors.pop(), look) });
    this.#on = el('button', 'Next', { type: 'button', 'aria-label': `Next page of ${what}`, click: () => this.#go(() => this.#cursors.push(this.#next), look) });
    this.#bar.append(this.#back, this.#where, this.#on);
    this.#bar.hidden = true;
    host.append(this.#bar);
  }

  /** The cursor of the page; undefined for the first one. */
  get cursor() {
    return this.#cursors.at(-1);
  }

  /** Whether the first page holds everything. */
  get isWhole() {
    return this.#cursors.length === 0 && this.#next === undefined;
  }

  /** Whether nothing comes after the page. */
  get isLast() {
    return this.#next === undefined;
  }

  first() {
    this.#cursors = [];
    this.found(undefined);
  }

  /** @param next the cursor that came with the page */
  found(next) {
    this.#next = next;
    this.#bar.hidden = this.isWhole;
    this.#back.disabled = this.#cursors.length === 0;
    this.#on.disabled = next === undefined;
    this.#where.textContent = `page ${this.#cursors.length + 1}`;
  }

  #go(move, look) {
    move();
    look();
  }
}
