import { attempt, element, find, percent, send } from './common.js';

const ENDED = ['completed', 'failed', 'canceled'];
let running = null;

find('train').addEventListener('click', () => attempt(async () => {
  find('train').disabled = true;
  try {
    await send('/api/runs', { method: 'POST' });
  } catch (error) {
    find('train').disabled = running !== null;
    throw error;
  }
}));
find('cancel').addEventListener('click', () => attempt(() => send(`/api/runs/${running}/cancel`, { method: 'POST' })));

// The browser connects again by itself when the connection breaks.
new EventSource('/api/runs/events').addEventListener('progress', event => {
  const progress = JSON.parse(event.data);
  const hasEnded = ENDED.includes(progress.state);
  running = hasEnded ? null : progress.runId;
  find('train').disabled = !hasEnded;
  find('cancel').hidden = hasEnded;
  find('progress').hidden = false;
  const loss = progress.loss === null ? '' : `, loss ${progress.loss.toFixed(3)}`;
  find('message').textContent = `Model ${progress.runId}, ${progress.state}: ${progress.message}${loss}`;
  if (progress.fraction === null) find('bar').removeAttribute('value');
  else find('bar').value = progress.fraction;
  find('bar').hidden = hasEnded;
  if (hasEnded || progress.state === 'queued') load();
});
load();

async function load() {
  await attempt(async () => {
    const [models, classes] = await Promise.all([send('/api/models'), send('/api/classes')]);
    const images = classes.reduce((sum, known) => sum + known.images, 0);
    find('ready').textContent = `${images} labeled images in ${classes.filter(known => known.images).length} classes`;
    find('models').replaceChildren(...models.map(row));
  });
}

function row(model) {
  const time = model.seconds === null ? '' : `${model.seconds.toFixed(0)} s`;
  const title = [element('strong', {}, `${model.id}. ${model.name}`), element('br'), `${model.backbone}, ${model.classes} classes`];
  const failure = model.error ? [element('br'), element('span', { class: 'error' }, `${model.state}: ${model.error}`)] : [];
  const number = (text, wide) => element('td', { class: wide ? 'number wide' : 'number' }, text);
  return element(
    'tr',
    {},
    element('td', {}, ...title, ...failure),
    number(model.accuracy === null ? '–' : percent(model.accuracy)),
    number(model.trainImages ? `${model.trainImages} + ${model.testImages}` : '–', true),
    number(time, true),
    element('td', {}, model.hasReport ? element('a', { href: `/api/models/${model.id}/report`, 'aria-label': `Report of model ${model.id}` }, 'Report') : '–'),
    element('td', {}, use(model))
  );
}

function use(model) {
  if (model.isActive) return element('span', { class: 'badge' }, 'now');
  if (model.state !== 'completed') return model.state;
  return element(
    'button',
    {
      type: 'button',
      'aria-label': `Use model ${model.id}`,
      onclick: () => attempt(async () => {
        await send(`/api/models/${model.id}/activate`, { method: 'POST' });
        await load();
      }),
    },
    'Use'
  );
}
