// The page: a key is asked for, and then what it may see is shown and kept up to date.
import { Api } from './api.js';
import { Poller } from './poller.js';
import { Board } from './board.js';
import { time } from './text.js';

const kept = 'stateroom-admin-key';
const find = (id) => document.getElementById(id);
const [gate, key, refusal] = [find('gate'), find('key'), find('refusal')];

let api;
let asOf;
let paused = false;

const board = new Board({
  look: () => poller.now(),
  say: (text) => { find('said').textContent = text; },
  lost: (error) => leave(refusalOf(error)),
});

const poller = new Poller(
  async (signal) => {
    asOf = await board.load(api, signal);
    tell(paused ? 'Paused' : 'Live', paused ? 'paused' : 'live');
  },
  (error, wait) => {
    if (error.status === 401 || error.status === 403) {
      leave(refusalOf(error));
    } else {
      tell('Not updating', 'lost', `${error.message ?? 'It did not work.'} What is shown is ${asOf ? `from ${time(asOf)}` : 'nothing yet'}; the next try is in ${Math.round(wait / 1000)} s.`);
    }
  },
);

function tell(text, kind, trouble = '') {
  const [state, status] = [find('state'), find('status')];
  if (state.textContent !== text) {
    state.textContent = text;
  }

  status.dataset.kind = kind;
  status.hidden = false;
  find('as-of').textContent = asOf ? time(asOf) : '';
  find('trouble').textContent = trouble;
  find('trouble').hidden = trouble === '';
  find('board').classList.toggle('stale', kind === 'lost');
}

function refusalOf(error) {
  return error.status === 401 ? 'The server does not know this key, or it is no longer valid.'
    : error.status === 403 ? `This key may not administer. ${error.message}`
      : error.message;
}

async function enter(given) {
  api = new Api(given);
  // Whether the key is good, before anything of the board is seen.
  await api.instances();
  sessionStorage.setItem(kept, given);
  gate.hidden = true;
  key.value = refusal.textContent = '';
  find('board').hidden = find('pause').hidden = find('sign-out').hidden = false;
  setPaused(false);
}

function leave(why = '') {
  poller.stop();
  sessionStorage.removeItem(kept);
  api = asOf = undefined;
  board.clear();
  find('board').hidden = find('pause').hidden = find('sign-out').hidden = find('status').hidden = true;
  gate.hidden = false;
  refusal.textContent = why;
  key.focus();
}

function setPaused(value) {
  paused = value;
  find('pause').textContent = paused ? 'Resume' : 'Pause';
  if (paused) {
    poller.stop();
    tell('Paused', 'paused');
  } else {
    tell('Live', 'live');
    poller.start();
  }
}

find('sign-in').addEventListener('submit', async (event) => {
  event.preventDefault();
  const given = key.value.trim();
  refusal.textContent = '';
  if (!/^[\x21-\x7e]+$/.test(given)) {
    refusal.textContent = 'A key consists of letters, digits and signs of ASCII, without spaces.';
    return;
  }

  const button = event.target.querySelector('button');
  button.disabled = true;
  try {
    await enter(given);
  } catch (error) {
    refusal.textContent = refusalOf(error);
    key.select();
  } finally {
    button.disabled = false;
  }
});

find('sign-out').addEventListener('click', () => leave());
find('pause').addEventListener('click', () => setPaused(!paused));

const theme = find('theme');
theme.value = document.documentElement.dataset.theme;
theme.addEventListener('change', () => {
  document.documentElement.dataset.theme = theme.value;
  localStorage.setItem('stateroom-theme', theme.value);
});

document.addEventListener('keydown', (event) => {
  if (event.key === '/' && !find('board').hidden && !event.target.closest('input, select, dialog')) {
    event.preventDefault();
    find('search').focus();
  }
});

const found = sessionStorage.getItem(kept);
if (found) {
  enter(found).catch((error) => leave(refusalOf(error)));
} else {
  leave();
}
