// The pictures of the guide, made by running what they show: ./run pictures
// demo.svg is the terminal of ./run demo as it went, report.png the page that it wrote, explorer.png what the tests of the explorer see.
// Needs tmux and Chromium beside what ./run demo needs.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const [columns, rows] = [118, 20];
const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, '../../..');
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'porpoise-pictures-'));
const tmux = (...words) => execFileSync('tmux', ['-S', path.join(work, 'tmux'), ...words], { encoding: 'utf8' });

/** What stood on the terminal, and from which second on; each different screen once. */
async function record() {
  const ended = path.join(work, 'ended');
  tmux('new-session', '-d', '-x', String(columns), '-y', String(rows), '-c', repository, `printf '$ ./run demo\\n'; ./run demo; echo $? > ${ended}; sleep 600`);
  tmux('set', '-g', 'status', 'off');
  const [frames, began] = [[], performance.now()];
  for (let isOver = false; ; await sleep(100)) {
    const screen = tmux('capture-pane', '-p').trimEnd();
    if (screen && screen !== frames.at(-1)?.screen) frames.push({ at: (performance.now() - began) / 1000, screen });
    if (isOver) break;
    isOver = fs.existsSync(ended);
  }

  tmux('kill-server');
  if (fs.readFileSync(ended, 'utf8').trim() !== '0') throw new Error('The demo failed:\n' + frames.at(-1).screen);
  return frames;
}

/** A drawing that moves where that is possible, and is the last screen elsewhere. */
function draw(frames) {
  const [width, line, margin, hold] = [8.4, 19, 14, 6];
  const total = frames.at(-1).at + hold;
  const escape = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const colour = text => escape(text).replace(/^( *)(✔|↻|▶|✘)/, (_, blank, sign) => `${blank}<tspan class="${{ '✔': 'g', '↻': 'y', '▶': 'b', '✘': 'r' }[sign]}">${sign}</tspan>`);
  const percent = at => (100 * at / total).toFixed(2) + '%';
  const rules = [], groups = [];
  frames.forEach(({ at, screen }, i) => {
    const isLast = i === frames.length - 1;
    const until = isLast ? total : frames[i + 1].at;
    rules.push(`@keyframes f${i}{0%{opacity:${i ? 0 : 1}}${i ? `${percent(at)}{opacity:1}` : ''}${isLast ? '100%{opacity:1}' : `${percent(until)}{opacity:0}100%{opacity:0}`}}#f${i}{opacity:${isLast ? 1 : 0};animation:f${i} ${total.toFixed(1)}s step-end infinite}`);
    groups.push(`<g id="f${i}">${screen.split('\n').map((text, row) => text ? `<text x="${margin}" y="${margin + 14 + row * line}">${colour(text)}</text>` : '').join('')}</g>`);
  });
  const [w, h] = [Math.ceil(columns * width + 2 * margin), rows * line + 2 * margin];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${w} ${h}" width="${w}" height="${h}" role="img" aria-label="./run demo in a terminal">
<style>text{font:14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#d8dee9;white-space:pre}.g{fill:#8fce7a}.y{fill:#ebcb6b}.b{fill:#7fb4f0}.r{fill:#f07f7f}${rules.join('')}@media (prefers-reduced-motion:reduce){g{animation:none!important}}</style>
<rect width="100%" height="100%" rx="8" fill="#1b2130"/>
${groups.join('\n')}
</svg>
`;
}

try {
  execFileSync('npm', ['--prefix', path.join(repository, 'examples/flights'), 'ci', '--silent'], { stdio: 'inherit' }); // a picture of an installation shows nothing
  const frames = await record();
  fs.writeFileSync(path.join(here, 'demo.svg'), draw(frames));

  const folder = /its folder is (\S+)/.exec(frames.map(f => f.screen).join('\n'))[1];
  execFileSync('chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--hide-scrollbars', '--window-size=980,1180', `--user-data-dir=${path.join(work, 'chromium')}`,
    `--screenshot=${path.join(here, 'report.png')}`, 'file://' + path.join(folder, 'lake', 'report.html')], { stdio: 'ignore' });
  fs.rmSync(folder, { recursive: true });

  const explorer = path.join(repository, 'artifacts/bin/Porpoise.Explorer.Tests/release/Porpoise.Explorer.Tests');
  execFileSync('dotnet', ['build', path.join(repository, 'tests/Porpoise.Explorer.Tests'), '-c', 'Release', '-v', 'q', '--nologo', '-p:RunAnalyzers=false'], { stdio: 'inherit' });
  execFileSync(explorer, ['--no-progress'], { stdio: 'inherit', env: { ...process.env, PORPOISE_PICTURES: work } });
  fs.copyFileSync(path.join(work, 'signed.png'), path.join(here, 'explorer.png'));
  for (const name of ['demo.svg', 'report.png', 'explorer.png']) {
    console.log(`${name}: ${Math.ceil(fs.statSync(path.join(here, name)).size / 1024)} KiB. Look at it before you commit it.`);
  }
} finally {
  fs.rmSync(work, { recursive: true });
}
