/* What depends on the prompt: its place in the conversation, and its length. */
(function (tab) {
  'use strict';

  const LATENCIES = [['ttft', 'TTFT'], ['tpot', 'TPOT'], ['e2e', 'E2E']];

  const KINDS = [
    { key: 'cold', name: 'Turn 1', color: tab.colors.orange },
    { key: 'warm', name: 'Turns 2+', color: tab.colors.blue },
    { key: 'alone', name: 'Single', color: tab.colors.violet }
  ];

  function turnsOf(data) {
    return Object.keys(data.byTurn).map(Number).sort(function (a, b) { return a - b; });
  }

  function byTurn(data, chart) {
    const turns = turnsOf(data);
    const last = turns[turns.length - 1];
    return {
      title: chart.title,
      caption: chart.caption + (last === 64 ? ' Turn 64 stands for all later ones, too.' : ''),
      x: { name: 'Turn', format: function (turn) { return 'Turn ' + turn; } },
      series: chart.series.map(function (series) {
        return Object.assign(series, { points: { show: turns.length <= 24, size: 7 } });
      }),
      columns: [turns].concat(chart.columns),
      counts: chart.counts,
      options: {
        bands: chart.bands,
        cursor: { drag: { x: false, y: false } },
        scales: { x: { time: false, range: [turns[0] - 0.5, last + 0.5] }, y: chart.scale },
        axes: [
          tab.axis({ incrs: [1, 2, 5, 10, 20, 50, 100], space: 25, grid: { show: false } }),
          chart.axis
        ]
      }
    };
  }

  tab.latencyByTurn = function (data) {
    const turns = turnsOf(data);
    const metrics = LATENCIES.filter(function (metric) {
      return turns.some(function (turn) { return data.byTurn[turn].metrics[metric[0]] !== null; });
    });
    if (metrics.length === 0) {
      return null;
    }
    let chosen = metrics[0];
    return tab.chart('tokens-ttft-by-turn', metrics[0][1] + ' by turn', [{
      label: 'Metric',
      options: metrics.map(function (metric) { return metric[1]; }),
      selected: 0,
      choose: function (index) { chosen = metrics[index]; }
    }], function () {
      const column = function (key) {
        return turns.map(function (turn) {
          const summary = data.byTurn[turn].metrics[chosen[0]];
          return summary === null ? null : summary[key];
        });
      };
      const lines = tab.percentileLines(column('count'), column, 'turns');
      return byTurn(data, {
        title: chosen[1] + ' by turn (ms)',
        caption: 'Turn 1 meets a cold cache; later turns can reuse what earlier ones sent.',
        scale: tab.fromZero,
        axis: tab.valueAxis(),
        series: lines.series,
        columns: lines.columns,
        counts: [{ name: 'Replies', values: column('count') }],
        bands: tab.percentileBand()
      });
    });
  };

  tab.cacheLines = function (reported) {
    return [
      tab.line({
        label: 'Cached',
        color: tab.colors.blue,
        area: true,
        format: tab.percent,
        available: reported,
        why: 'The server does not report cached tokens'
      }),
      tab.line({ label: 'Reusable', color: tab.colors.gray, dash: [5, 4], format: tab.percent })
    ];
  };

  tab.cacheByTurn = function (data) {
    const turns = turnsOf(data);
    const column = function (key) {
      return turns.map(function (turn) { return data.byTurn[turn].totals[key]; });
    };
    const known = function (value) { return value !== null; };
    const cached = column('cacheHitPercent');
    const reusable = column('expectedReusablePercent');
    if (!cached.some(known) && !reusable.some(known)) {
      return null;
    }
    return tab.chart('tokens-cache-by-turn', 'Cache hit by turn', [], function () {
      return byTurn(data, {
        title: 'Prompt cache by turn (%)',
        caption: 'Of input tokens. Cached: what the server says came from its cache. Reusable: what'
          + ' earlier prompts had sent.',
        scale: tab.percentScale,
        axis: tab.percentAxis(),
        series: tab.cacheLines(cached.some(known)),
        columns: [cached, reusable]
      });
    });
  };

  const UPPER = [['p90', 'p90'], ['p95', 'p95'], ['p99', 'p99'], ['max', 'max']];

  /* One table for each kind, for their prompts differ in length. */
  function kindTable(bins, upper) {
    return [
      bins.map(function (bin) { return Math.log2(bin.inputTokens); }),
      bins.map(function (bin) { return bin.count; }),
      bins.map(function (bin) { return bin.p50; }),
      bins.map(function (bin) { return bin.count >= tab.needsReplies(upper) ? bin[upper] : null; })
    ];
  }

  function kindLines(kind, upper) {
    return [
      tab.line({
        label: kind.name + ' p50',
        color: kind.color,
        format: tab.figure,
        points: { show: true, size: 6 }
      }),
      tab.line({
        label: kind.name + ' ' + upper,
        color: kind.color,
        format: tab.figure,
        dash: [5, 4],
        width: 1,
        points: { size: 4 }
      })
    ];
  }

  tab.ttftByInput = function (data) {
    const all = data.ttftByInput;
    if (all.length === 0) {
      return null;
    }
    const kinds = KINDS.filter(function (kind) {
      return all.some(function (bin) { return bin.kind === kind.key; });
    });
    const lengths = all.map(function (bin) { return bin.inputTokens; });
    const low = Math.min.apply(null, lengths) / 1.08;
    const high = Math.max.apply(null, lengths) * 1.08;
    const marks = tab.roundValues(low, high, high / low > 8);
    let upper = UPPER[1];
    return tab.chart('tokens-ttft-by-input', 'TTFT by input tokens', [{
      label: 'Upper line',
      options: UPPER.map(function (percentile) { return percentile[1]; }),
      selected: 1,
      choose: function (index) { upper = UPPER[index]; }
    }], function () {
      const joined = uPlot.join(kinds.map(function (kind) {
        return kindTable(all.filter(function (bin) { return bin.kind === kind.key; }), upper[0]);
      })).map(function (column) {
        return column.map(function (value) { return value === undefined ? null : value; });
      });
      const counts = joined.filter(function (column, index) { return index % 3 === 1; });
      const columns = joined.filter(function (column, index) { return index % 3 !== 1; });
      return {
        title: 'TTFT by input tokens (ms)',
        caption: 'Replies to prompts of about the same length together, on a logarithmic axis.'
          + ' The first turn meets a cold cache.',
        x: {
          name: 'Input tokens',
          format: function (log) { return tab.whole(Math.pow(2, log)) + ' tokens'; },
          value: function (log) { return Math.round(Math.pow(2, log) * 10) / 10; }
        },
        series: kinds.flatMap(function (kind) { return kindLines(kind, upper[1]); }),
        columns: columns,
        counts: kinds.map(function (kind, index) {
          return { name: kind.name + ' replies', values: counts[index] };
        }),
        options: {
          cursor: { drag: { x: false, y: false } },
          bands: kinds.map(function (kind, index) {
            return {
              series: [2 * index + 2, 2 * index + 1],
              fill: function () { return tab.color(kind.color, '1f'); }
            };
          }),
          scales: { x: { time: false, range: [Math.log2(low), Math.log2(high)] }, y: tab.fromZero },
          axes: [
            tab.axis({
              grid: { show: false },
              splits: function () { return marks.map(Math.log2); },
              values: function () { return marks.map(tab.tick); }
            }),
            tab.valueAxis()
          ]
        }
      };
    });
  };
})(LlmTokens);
