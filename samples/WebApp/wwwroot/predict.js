import { attempt, element, find, percent, send, takeFiles } from './common.js';

let image;
let turn = 0;

takeFiles(find('file'), find('area'), files => predict(files[0]));
takeFiles(find('camera'), document.createElement('div'), files => predict(files[0]));
find('explain').addEventListener('click', explain);

async function predict(file) {
  image = file;
  const mine = ++turn;
  hideOverlay();
  const answer = await attempt(() => send('/api/predict', { method: 'POST', body: file }));
  // Another image was chosen in the meantime.
  if (mine !== turn) return;
  find('result').hidden = !answer;
  if (!answer) return;
  const picture = find('picture');
  if (picture.src) URL.revokeObjectURL(picture.src);
  picture.src = URL.createObjectURL(file);
  find('label').textContent = answer.label;
  find('bars').replaceChildren(
    ...answer.top.flatMap(({ label, score }) => [
      element('span', {}, label),
      element('meter', { min: 0, max: 1, value: score, 'aria-label': label }),
      element('span', {}, percent(score)),
    ])
  );
  find('time').textContent = `${answer.milliseconds.toFixed(1)} ms, model: ${answer.model.name}`;
}

async function explain() {
  const button = find('explain');
  const overlay = find('overlay');
  if (overlay.src && overlay.getAttribute('src')) {
    overlay.hidden = !overlay.hidden;
    button.setAttribute('aria-pressed', String(!overlay.hidden));
    return;
  }
  const mine = turn;
  button.disabled = true;
  find('explain-note').textContent = 'Hides one region after the other …';
  const answer = await attempt(() => send('/api/explain', { method: 'POST', body: image }));
  button.disabled = false;
  if (mine !== turn) return;
  find('explain-note').textContent = answer
    ? `Red regions carry “${answer.label}” (${answer.columns * answer.rows} regions, ${answer.milliseconds.toFixed(0)} ms).`
    : '';
  if (!answer) return;
  overlay.src = answer.overlay;
  overlay.hidden = false;
  button.setAttribute('aria-pressed', 'true');
}

function hideOverlay() {
  find('overlay').hidden = true;
  find('overlay').removeAttribute('src');
  find('explain').setAttribute('aria-pressed', 'false');
  find('explain-note').textContent = 'Shows which regions the prediction rests on.';
}
