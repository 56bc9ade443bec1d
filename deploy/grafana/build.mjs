// Writes dashboards/*.json from dashboards.mjs: `node deploy/grafana/build.mjs`. That file has the content; this one
// has Grafana's format. With `--check` it writes nothing, and fails if a file is outdated.

import { readFileSync, writeFileSync } from 'node:fs';
import { dashboards } from './dashboards.mjs';

const datasource = { type: 'prometheus', uid: '${datasource}' };
const columns = 24;
const oneOfEachRole =
  'polar_webhook_ack_seconds_count|polar_partition_lag_seconds|polar_relay_leader|polar_endpoint_enabled';

const targets = (queries) => Object.entries(queries).map(([legend, expr], i) => ({
  refId: String.fromCharCode(65 + i), datasource, expr, legendFormat: legend, range: true,
}));

const thresholds = (steps = {}) => ({
  mode: 'absolute',
  steps: [{ color: steps.low ?? 'green', value: null },
    ...Object.entries(steps).filter(([color]) => color !== 'low').map(([color, value]) => ({ color, value }))
      .sort((a, b) => a.value - b.value)],
});

const describe = ({ about, runbook }) =>
  [about, runbook && `Runbook: docs/runbook.md#${runbook.toLowerCase()}`].filter(Boolean).join('\n\n');

function panel(what, id, gridPos) {
  const isStat = what.kind === 'stat';
  const defaults = { unit: what.unit, thresholds: thresholds(what.steps) };
  if (what.max !== undefined) {
    Object.assign(defaults, { min: 0, max: what.max });
  }
  if (what.decimals !== undefined) {
    defaults.decimals = what.decimals;
  }
  if (what.words) {
    defaults.mappings = [{
      type: 'value',
      options: Object.fromEntries(Object.entries(what.words).map(([value, text]) => [value, { text }])),
    }];
  }
  if (!isStat) {
    defaults.min ??= 0;
    defaults.custom = {
      fillOpacity: what.stacked ? 20 : 5, showPoints: 'never', spanNulls: false,
      stacking: { mode: what.stacked ? 'normal' : 'none' },
      thresholdsStyle: { mode: what.steps ? 'dashed' : 'off' },
    };
  }
  return {
    id,
    type: isStat ? 'stat' : 'timeseries',
    title: what.title,
    description: describe(what),
    gridPos,
    datasource,
    targets: targets(what.queries),
    fieldConfig: { defaults, overrides: [] },
    options: isStat
      ? { reduceOptions: { calcs: ['lastNotNull'] }, colorMode: 'background', graphMode: 'area', textMode: 'value' }
      : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

/// From left to right, and on where a row is full.
function laidOut(panels) {
  let x = 0;
  let y = 0;
  let height = 0;
  return panels.map((what, i) => {
    const w = what.wide ?? (what.kind === 'stat' ? 4 : 12);
    const h = what.kind === 'stat' ? 4 : 8;
    if (x + w > columns || (height && h !== height)) {
      y += height;
      x = 0;
    }
    height = h;
    const made = panel(what, i + 1, { x, y, w, h });
    x += w;
    return made;
  });
}

const dashboard = ({ uid, title, about, from, panels }) => ({
  uid,
  title,
  description: about,
  tags: ['plinto-polar'],
  timezone: 'browser',
  refresh: '30s',
  time: { from: from ?? 'now-6h', to: 'now' },
  schemaVersion: 39,
  editable: false,
  links: [{ type: 'dashboards', title: 'Plinto Polar', tags: ['plinto-polar'], asDropdown: false, keepTime: true }],
  templating: {
    list: [{
      name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', hide: 0,
      current: { text: 'Prometheus', value: 'prometheus' },
    }, {
      name: 'job', label: 'Replicas', type: 'query', hide: 0, datasource, refresh: 2, multi: true, includeAll: true,
      query: `label_values({__name__=~"${oneOfEachRole}"}, job)`, current: { text: 'All', value: '$__all' },
    }],
  },
  panels: laidOut(panels),
});

let outdated = 0;
for (const each of dashboards) {
  const file = new URL(`dashboards/${each.file}.json`, import.meta.url);
  const json = `${JSON.stringify(dashboard(each), null, 2)}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(file, json);
  } else if (readFileSync(file, 'utf8') !== json) {
    console.error(`${file.pathname} is not what dashboards.mjs says. Run: node deploy/grafana/build.mjs`);
    outdated++;
  }
}
process.exitCode = outdated ? 1 : 0;
