// Asks before anything is ended.

const find = (id) => document.getElementById(id);

/**
 * @param title the question; @param text what happens then
 * @param word whether `all` must be typed
 * @returns whether it is to be done
 */
export function confirmEnding(title, text, { word = false } = {}) {
  const [dialog, typed, end] = [find('confirm'), find('confirm-typed'), find('confirm-end')];
  find('confirm-title').textContent = title;
  find('confirm-text').textContent = text;
  find('confirm-word').hidden = !word;
  typed.value = dialog.returnValue = '';
  typed.oninput = () => { end.disabled = word && typed.value !== 'all'; };
  typed.oninput();
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'end'), { once: true });
  });
}
