// Writes the report as one HTML file with its pictures inside. Usage: node report.mjs LAKE FLIGHTS FIRST_DAY LAST_DAY MEAN_DELAY AIRPORTS BYTES
import fs from 'node:fs';
import path from 'node:path';

const [lake, flights, firstDay, lastDay, meanDelay, airports, bytes] = process.argv.slice(2);
const text = value => String(value).replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);
const number = value => Number(value).toLocaleString('en-US');
const picture = (name, alt) => `<img alt="${text(alt)}" src="data:image/png;base64,${fs.readFileSync(path.join(lake, `${name}.png`)).toString('base64')}">`;
const worst = JSON.parse(fs.readFileSync(path.join(lake, 'airports.json'), 'utf8')).filter(a => a.flights > 20_000).sort((a, b) => b.delay - a.delay).slice(0, 10);

fs.writeFileSync(path.join(lake, 'report.html'), `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Flights</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; color: #1c2733; margin: 2rem auto; max-width: 46rem; padding: 0 1rem }
  img { max-width: 100%; height: auto; margin: 1.5rem 0; border: 1px solid #e6e9ee; border-radius: 6px }
  table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid #e6e9ee } td.n, th.n { text-align: right }
  .figures { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; padding: 0; list-style: none } .figures b { display: block; font-size: 1.6rem }
</style>
<h1>${number(flights)} flights</h1>
<p>${text(firstDay)} to ${text(lastDay)}, from ${number(airports)} airports.</p>
<ul class="figures">
  <li><b>${text(meanDelay)} min</b>mean delay</li><li><b>${number(airports)}</b>airports</li><li><b>${number(Math.round(bytes / 1e6))} MB</b>of Parquet read</li>
</ul>
${picture('by-hour', 'Late departures by hour')}
${picture('by-weekday', 'Mean delay by weekday and hour')}
${picture('airports', 'Airports by departures and mean delay')}
<h2>The latest of the large airports</h2>
<table><tr><th>airport<th>city<th class="n">departures<th class="n">mean delay<th>worst route
${worst.map(a => `<tr><td>${text(a.name)} (${text(a.iata)})<td>${text(a.city)}<td class="n">${number(a.flights)}<td class="n">${text(a.delay)} min<td>to ${text(a.worst_to)}, ${text(a.worst_delay)} min`).join('\n')}
</table></html>
`);
console.log(`report.html: ${flights} flights, mean delay ${meanDelay} minutes`);
