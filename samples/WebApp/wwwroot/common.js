// What all pages need: requests whose errors are texts to show, and elements.

/** Sends a request; the answer's JSON, or null without one. Errors carry the server's own words. */
export async function send(path, options = {}) {
  const response = await fetch(path, options);
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Error([problem.title ?? `The server answers ${response.status}.`, problem.detail].filter(Boolean).join(' '));
  }
  return response.headers.get('content-type')?.includes('json') ? response.json() : null;
}

export const sendJson = (path, method, body) =>
  send(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

/** Makes an element: texts are never read as HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children);
  return made;
}

export const find = id => document.getElementById(id);

/** Runs what a person asked for; shows why it did not work. */
export async function attempt(action, place = find('error')) {
  place.textContent = '';
  try {
    return await action();
  } catch (error) {
    place.textContent = error.message;
    return undefined;
  }
}

/** Files that are chosen, dropped or pasted. */
export function takeFiles(input, area, take) {
  input.addEventListener('change', () => {
    const files = [...input.files];
    input.value = '';
    if (files.length) take(files);
  });
  area.addEventListener('dragover', event => {
    event.preventDefault();
    area.classList.add('over');
  });
  area.addEventListener('dragleave', () => area.classList.remove('over'));
  area.addEventListener('drop', event => {
    event.preventDefault();
    area.classList.remove('over');
    if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
  });
  document.addEventListener('paste', event => {
    if (event.clipboardData.files.length) take([...event.clipboardData.files]);
  });
}

export const percent = value => `${(100 * value).toFixed(1)} %`;
