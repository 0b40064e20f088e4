import { attempt, element, find, send, sendJson, takeFiles } from './common.js';

let images = [];
let classes = [];
let at = 0;

takeFiles(find('file'), find('area'), upload);
takeFiles(find('camera'), document.createElement('div'), upload);
find('previous').addEventListener('click', () => go(at - 1));
find('next').addEventListener('click', () => go(at + 1));
find('delete').addEventListener('click', remove);
find('unlabeled').addEventListener('change', load);
find('examples').addEventListener('click', event => attempt(async () => {
  event.target.disabled = true;
  try {
    find('uploads').textContent = 'Draws …';
    find('uploads').textContent = `${await send('/api/images/examples', { method: 'POST' })} images added.`;
    await load();
  } finally {
    event.target.disabled = false;
  }
}));
find('add').addEventListener('submit', event => {
  event.preventDefault();
  attempt(async () => {
    await sendJson('/api/classes', 'POST', { name: find('class').value });
    find('class').value = '';
    await loadClasses();
  });
});
document.addEventListener('keydown', event => {
  if (event.target.matches('input[type=text]') || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === 'ArrowRight') go(at + 1);
  else if (event.key === 'ArrowLeft') go(at - 1);
  else if (event.key === 'Delete') remove();
  else if (event.key === '0') label(null);
  else if (/^[1-9]$/.test(event.key) && classes[event.key - 1]) label(classes[event.key - 1].name);
  else return;
  event.preventDefault();
});
load();

async function load() {
  await attempt(async () => {
    const query = find('unlabeled').checked ? '?unlabeled=true&take=500' : '?take=500';
    images = await send(`/api/images${query}`);
    await loadClasses();
    const first = images.findIndex(image => !image.label);
    go(Math.max(0, first));
  });
}

async function loadClasses() {
  classes = await send('/api/classes');
  show();
}

async function upload(files) {
  let done = 0;
  const failures = [];
  for (const file of files) {
    find('uploads').textContent = `${done} of ${files.length} …`;
    try {
      await uploadOne(file);
    } catch (error) {
      failures.push(`${file.name}: ${error.message}`);
    }
    done++;
  }
  find('uploads').textContent = `${done - failures.length} of ${files.length} added.`;
  await load();
  find('error').textContent = failures.join('\n');
}

// The server limits changes a second: whoever adds many waits a little.
async function uploadOne(file) {
  for (let attempts = 0; ; attempts++) {
    const response = await fetch(`/api/images?name=${encodeURIComponent(file.name)}`, { method: 'POST', body: file });
    if (response.ok) return;
    if (response.status !== 429 || attempts >= 10) {
      const problem = await response.json().catch(() => ({}));
      throw new Error(`${problem.title ?? response.status} ${problem.detail ?? ''}`);
    }
    await new Promise(resolve => setTimeout(resolve, 1000 * (Number(response.headers.get('retry-after')) || 1)));
  }
}

async function label(name) {
  const image = images[at];
  if (!image) return;
  const before = image.label;
  image.label = name;
  const mine = at;
  if (name !== null && at + 1 < images.length) go(at + 1);
  else show();
  await attempt(async () => {
    try {
      await sendJson(`/api/images/${image.id}/label`, 'PUT', { label: name });
    } catch (error) {
      image.label = before;
      go(mine);
      throw error;
    }
    await loadClasses();
  });
}

async function remove() {
  const image = images[at];
  if (!image) return;
  await attempt(async () => {
    await send(`/api/images/${image.id}`, { method: 'DELETE' });
    images.splice(images.indexOf(image), 1);
    await loadClasses();
    go(at);
  });
}

function go(place) {
  at = Math.max(0, Math.min(place, images.length - 1));
  show();
  find('strip').children[at]?.scrollIntoView({ block: 'nearest' });
}

function show() {
  const image = images[at];
  find('current').hidden = !image;
  find('empty').hidden = !!image;
  for (const id of ['previous', 'next', 'delete']) find(id).disabled = !image;
  if (image) {
    if (find('current').getAttribute('src') !== image.file) find('current').src = image.file;
    find('current').alt = image.name;
  }
  find('name').textContent = image ? `${at + 1} of ${images.length}: ${image.name}, ${image.label ?? 'no class yet'}` : '';
  find('classes').replaceChildren(
    ...classes.map(({ name, images: count }, i) =>
      element(
        'button',
        { type: 'button', 'aria-pressed': String(image?.label === name), onclick: () => label(name) },
        ...(i < 9 ? [element('kbd', {}, String(i + 1))] : []),
        `${name} (${count})`
      )
    )
  );
  find('count').textContent = `${images.length} ${images.length === 1 ? 'image' : 'images'}`;
  const strip = find('strip');
  // Buttons stay, so that the focus does; what they show is set anew.
  while (strip.children.length > images.length) strip.lastElementChild.remove();
  images.forEach((shown, i) => {
    let button = strip.children[i];
    if (!button) {
      button = element('button', { type: 'button', onclick: () => go(i) }, element('img', { alt: '', loading: 'lazy' }), element('span'));
      strip.append(button);
    }
    const [picture, text] = button.children;
    if (picture.getAttribute('src') !== shown.file) picture.src = shown.file;
    text.textContent = shown.label ?? '–';
    button.setAttribute('aria-label', `${shown.name}, ${shown.label ?? 'no class yet'}`);
    if (i === at) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  });
}
