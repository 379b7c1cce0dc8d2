// Draws the pictures of the report: Vega-Lite makes SVG of the aggregates, resvg makes PNG of that. Usage: node charts.mjs LAKE
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vega from 'vega';
import { compile } from 'vega-lite';
import { Resvg } from '@resvg/resvg-js';

const lake = process.argv[2];
const fonts = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules', 'dejavu-fonts-ttf', 'ttf');
const read = name => JSON.parse(fs.readFileSync(path.join(lake, name), 'utf8'));
const look = {
  background: 'white', font: 'DejaVu Sans', padding: 16, view: { stroke: null }, axis: { labelFontSize: 12, titleFontSize: 12, gridColor: '#e6e9ee' },
  title: { fontSize: 16, anchor: 'start', subtitleColor: '#5a6572', subtitleFontSize: 12, offset: 14 }, legend: { labelFontSize: 12, titleFontSize: 12 },
};
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

const charts = {
  'by-hour': {
    title: { text: 'The later the hour, the later the flight', subtitle: 'Share of departures more than 15 minutes late, by hour of the day' },
    data: { values: read('by-hour.json').filter(row => row.flights > 5000) }, width: 620, height: 240,
    mark: { type: 'bar', color: '#1668a8', cornerRadiusEnd: 2 },
    encoding: { x: { field: 'hour', type: 'ordinal', title: 'hour', axis: { labelAngle: 0 } }, y: { field: 'late', type: 'quantitative', title: 'late, %' } },
  },
  'by-weekday': {
    title: { text: 'Delays build up over the day, and towards the weekend', subtitle: 'Mean delay in minutes, by weekday and hour' },
    data: { values: read('by-weekday.json').filter(row => row.hour > 4).map(row => ({ ...row, day: weekdays[row.weekday - 1] })) }, width: 620, height: 220,
    mark: 'rect',
    encoding: {
      x: { field: 'hour', type: 'ordinal', title: 'hour', axis: { labelAngle: 0 } }, y: { field: 'day', type: 'nominal', sort: weekdays, title: null },
      color: { field: 'delay', type: 'quantitative', title: 'minutes', scale: { scheme: 'redyellowblue', reverse: true, domainMid: 0 } },
    },
  },
  airports: {
    title: { text: 'Where delays come from', subtitle: 'Airports with more than 1,000 departures; size: departures, colour: mean delay' },
    data: { values: read('airports.json').filter(a => a.longitude < -60 && a.longitude > -130 && a.latitude > 22 && a.latitude < 50) }, width: 620, height: 360,
    mark: { type: 'circle', opacity: 0.85 }, projection: { type: 'albersUsa' },
    encoding: {
      longitude: { field: 'longitude', type: 'quantitative' }, latitude: { field: 'latitude', type: 'quantitative' },
      size: { field: 'flights', type: 'quantitative', title: 'departures', scale: { range: [15, 900] } },
      color: { field: 'delay', type: 'quantitative', title: 'minutes', scale: { scheme: 'redyellowblue', reverse: true, domainMid: 0 } },
    },
  },
};

for (const [name, chart] of Object.entries(charts)) {
  const view = new vega.View(vega.parse(compile({ ...chart, config: look }).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  const files = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map(file => path.join(fonts, file));
  const png = new Resvg(svg, { fitTo: { mode: 'zoom', value: 2 }, font: { fontFiles: files, loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' } }).render().asPng();
  fs.writeFileSync(path.join(lake, `${name}.png`), png);
  console.log(`${name}.png: ${png.length} bytes`);
}
