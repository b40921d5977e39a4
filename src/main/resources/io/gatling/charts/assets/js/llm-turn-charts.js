/* Charts by turn and by length of the prompt. */
(kit => {
  'use strict';

  const STATES = [
    { key: 'cold', name: 'Cold', color: kit.colors.orange },
    { key: 'warm', name: 'Warm', color: kit.colors.blue },
    { key: 'unknown', name: 'Unknown', color: kit.colors.violet }
  ];

  function turnsOf(data) {
    return Object.keys(data.byTurn).map(Number).sort((a, b) => a - b);
  }

  function byTurn(data, chart) {
    const turns = turnsOf(data);
    const last = turns[turns.length - 1];
    return {
      title: chart.title,
      caption: chart.caption + (last === 64 ? ' Turn 64 pools all later ones.' : ''),
      x: { name: 'Turn', format: turn => 'Turn ' + turn },
      limits: chart.limits,
      series: chart.series.map(series =>
        Object.assign(series, { points: { show: turns.length <= 24, size: 7 } })),
      columns: [turns].concat(chart.columns),
      counts: chart.counts,
      options: {
        bands: chart.bands,
        scales: { x: { time: false, range: [turns[0] - 0.5, last + 0.5] }, y: chart.scale },
        axes: [
          kit.xAxis({ incrs: [1, 2, 5, 10, 20, 50, 100], space: 25 }),
          chart.axis
        ]
      }
    };
  }

  /* What the first turn and the last one found in the cache. */
  function cachedByTurn(data, turns) {
    const hit = turn => data.byTurn[turn].totals.cacheHitPercent;
    const last = turns[turns.length - 1];
    return turns.length < 2 || hit(turns[0]) === null || hit(last) === null
      ? 'Prompts of later turns are longer, and more of them can be cached.'
      : 'Of the prompt, at least ' + kit.fixed(hit(turns[0]), 0) + ' % was cached in turn ' + turns[0] + ', '
        + kit.fixed(hit(last), 0) + ' % in turn ' + last + '.';
  }

  kit.latencyByTurn = data => {
    const turns = turnsOf(data);
    const metrics = ['ttft', 'tpot', 'e2e']
      .filter(key => turns.some(turn => data.byTurn[turn].metrics[key] !== null));
    const label = key => data.figures[key].label;
    return kit.chartOfOne('tokens-ttft-by-turn', metrics, label, metric => {
      const column = key => turns.map(turn => {
        const summary = data.byTurn[turn].metrics[metric];
        return summary === null ? null : summary[key];
      });
      const lines = kit.percentileLines(label(metric), column('count'), column, 'turns');
      return byTurn(data, {
        title: label(metric) + ' by turn (ms)',
        caption: cachedByTurn(data, turns),
        scale: kit.fromZero,
        axis: kit.valueAxis(),
        limits: kit.limitsOf(data, [metric]),
        series: lines.series,
        columns: lines.columns,
        counts: [{ name: 'Responses', values: column('count') }],
        bands: kit.percentileBand()
      });
    });
  };

  /* The lines of cached tokens: one if it is known, two bounds if not every response reports them. */
  kit.cacheLines = (least, most, reusable) => {
    const isBounded = least.some((value, at) => value !== null && (most[at] === null || most[at] - value > 0.05));
    const line = (label, color, look) => kit.line({ label: label, color: color, format: kit.percent, ...look });
    const cached = line(isBounded ? 'Cached, at least' : 'Cached', kit.colors.blue, {
      area: true,
      available: least.some(value => value !== null),
      why: 'The server does not report cached tokens'
    });
    return {
      series: [cached].concat(isBounded ? line('Cached, at most', kit.colors.blue, { dash: [2, 3] }) : [],
        line('Reusable', kit.colors.gray, { dash: [5, 4] })),
      columns: [least].concat(isBounded ? [most] : [], [reusable])
    };
  };

  kit.cacheByTurn = data => {
    const turns = turnsOf(data);
    const column = key => turns.map(turn => data.byTurn[turn].totals[key]);
    const known = value => value !== null;
    const cached = column('cacheHitPercent');
    const reusable = column('expectedReusablePercent');
    if (!cached.some(known) && !reusable.some(known)) {
      return null;
    }
    return kit.chart('tokens-cache-by-turn', [], () => byTurn(data, {
      title: 'Prompt cache by turn (%)',
      caption: 'Share of input tokens. Cached: reported by the server. Reusable: sent by earlier prompts.',
      scale: kit.percentScale,
      axis: kit.percentAxis(),
      ...kit.cacheLines(cached, column('cacheHitPercentUpper'), reusable)
    }));
  };

  const UPPER = ['p90', 'p95', 'p99', 'max'];

  /* One table for each state of the cache, because their prompts differ in length. */
  function stateTable(bins, upper) {
    return [
      bins.map(bin => Math.log2(bin.inputTokens)),
      bins.map(bin => bin.count),
      bins.map(bin => bin.p50),
      bins.map(bin => bin.count >= kit.needsResponses(upper) ? bin[upper] : null)
    ];
  }

  function stateLines(state, upper) {
    const line = (statistic, look) =>
      kit.line({ label: state.name + ' ' + statistic, color: state.color, format: kit.figure, ...look });
    return [
      line('p50', { points: { show: true, size: 6 } }),
      line(upper, { dash: [5, 4], width: 1, points: { size: 4 } })
    ];
  }

  kit.ttftByInput = data => {
    const all = data.ttftByInput;
    if (all.length === 0) {
      return null;
    }
    const states = STATES.filter(state => all.some(bin => bin.state === state.key));
    const lengths = all.map(bin => bin.inputTokens);
    const low = Math.min(...lengths) / 1.08;
    const high = Math.max(...lengths) * 1.08;
    const marks = kit.roundValues(low, high, high / low > 8);
    let upper = UPPER[1];
    return kit.chart('tokens-ttft-by-input', [{
      label: 'Upper line',
      options: UPPER,
      selected: 1,
      choose: index => { upper = UPPER[index]; }
    }], () => {
      const joined = kit.join(states.map(state =>
        stateTable(all.filter(bin => bin.state === state.key), upper)));
      const counts = joined.filter((_column, index) => index % 3 === 1);
      const columns = joined.filter((_column, index) => index % 3 !== 1);
      return {
        title: 'TTFT by input tokens (ms)',
        caption: 'Prompts of similar length together, on a logarithmic axis. Cold: less than half ' + kit.wasCached(data) + '.',
        x: {
          name: 'Input tokens',
          format: log => kit.whole(2 ** log) + ' tokens',
          value: log => Math.round(2 ** log * 10) / 10
        },
        limits: kit.limitsOf(data, ['ttft']),
        series: states.flatMap(state => stateLines(state, upper)),
        columns: columns,
        counts: states.map((state, index) => ({ name: state.name + ' responses', values: counts[index] })),
        options: {
          bands: states.map((state, index) => ({
            series: [2 * index + 2, 2 * index + 1],
            fill: () => kit.color(state.color, '1f')
          })),
          scales: { x: { time: false, range: [Math.log2(low), Math.log2(high)] }, y: kit.fromZero },
          axes: [
            kit.xAxis({
              splits: () => marks.map(Math.log2),
              values: () => marks.map(kit.tick)
            }),
            kit.valueAxis()
          ]
        }
      };
    });
  };
})(Llm);
