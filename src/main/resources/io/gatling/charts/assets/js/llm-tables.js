/* The tables of the Tokens tab. */
(function (kit) {
  'use strict';

  const cell = kit.cell;

  const METRICS = [
    { key: 'ttft', name: 'TTFT (ms)', words: 'time to first token' },
    { key: 'ttfo', name: 'TTFO (ms)', words: 'time to first output token' },
    { key: 'tpot', name: 'TPOT (ms)', words: 'time per output token' },
    { key: 'icl', name: 'ICL (ms)', words: 'inter-chunk latency' },
    { key: 'itl', name: 'ITL (ms)', words: 'inter-token latency' },
    { key: 'e2e', name: 'E2E (ms)', words: 'end-to-end latency' },
    { key: 'ntpot', name: 'NTPOT (ms)', words: 'E2E per output token' },
    { key: 'scheduleDelay', name: 'Schedule delay (ms)', words: 'written after it was due' },
    { key: 'inputTokens', name: 'Input tokens', words: 'of a prompt', tokens: true },
    { key: 'cachedTokens', name: 'Cached tokens', words: 'of a prompt', tokens: true },
    { key: 'outputTokens', name: 'Output tokens', words: 'of a reply', tokens: true },
    { key: 'tokensPerChunk', name: 'Tokens per chunk', words: 'of output', tokens: true },
    {
      key: 'tokenizerDifference',
      name: 'Tokenizer difference',
      words: 'server’s count − expected',
      tokens: true
    }
  ];

  const STATISTICS = [
    ['mean', 'Mean'], ['stddev', 'Std Dev'], ['min', 'Min'], ['p50', 'p50'], ['p75', 'p75'],
    ['p90', 'p90'], ['p95', 'p95'], ['p99', 'p99'], ['p999', 'p99.9'], ['max', 'Max']
  ];

  function columns(names) {
    return names.map(name => ({ name: name }));
  }

  function metricsTable(data) {
    const measured = METRICS.some(metric => data.metrics[metric.key] !== null);
    return !measured ? null : kit.table({
      id: 'tokens-metrics',
      title: 'Metrics',
      columns: columns(['Metric', 'Count'].concat(STATISTICS.map(statistic => statistic[1]))),
      rows: METRICS.map(metric => {
        const summary = data.metrics[metric.key];
        const figure = metric.tokens ? cell.tokens : cell.figure;
        return {
          name: metric.name,
          words: metric.words,
          cells: summary === null ? null : [cell.whole(summary.count)].concat(
            STATISTICS.map(statistic => figure(summary[statistic[0]])))
        };
      })
    });
  }

  function agreementOf(scope) {
    const difference = scope.metrics.tokenizerDifference;
    return difference ? cell.figure(difference.mean) : cell.none;
  }

  const SCOPE_COLUMNS = [
    ['Replies', 'OK', scope => cell.whole(scope.totals.ok)],
    ['Replies', 'KO', scope => cell.failed(scope.totals.ko)],
    ['TTFT (ms)', 'p50', summary('ttft', 'p50')],
    ['TTFT (ms)', 'p95', summary('ttft', 'p95')],
    ['TTFT (ms)', 'p99', summary('ttft', 'p99')],
    ['TPOT (ms)', 'p50', summary('tpot', 'p50')],
    ['TPOT (ms)', 'p95', summary('tpot', 'p95')],
    ['E2E (ms)', 'p50', summary('e2e', 'p50')],
    ['E2E (ms)', 'p95', summary('e2e', 'p95')],
    ['Tokens, mean', 'Input', summary('inputTokens', 'mean')],
    ['Tokens, mean', 'Output', summary('outputTokens', 'mean')],
    ['Prompt cache', 'Hit', scope => cell.percent(scope.totals.cacheHitPercent)],
    ['Prompt cache', 'Reusable', scope => cell.percent(scope.totals.expectedReusablePercent)]
  ];

  function summary(metric, statistic) {
    return scope => {
      const found = scope.metrics[metric];
      return found ? cell.figure(found[statistic]) : cell.none;
    };
  }

  /* The same figures for each of several sets of replies, and where it tells more than one. */
  function scopeTable(options) {
    const names = Object.keys(options.scopes || {});
    const more = options.more || [];
    const all = SCOPE_COLUMNS.concat(more);
    return names.length < (options.least || 1) ? null : kit.table({
      id: options.id,
      title: options.title,
      columns: [{ name: options.first }].concat(all.map(column => ({ group: column[0], name: column[1] }))),
      rows: names.map(name => {
        return {
          name: name,
          href: options.href ? options.href(name) : undefined,
          cells: all.map(column => column[2](options.scopes[name]))
        };
      }),
      below: options.below
    });
  }

  /* Gatling's own table knows where a request's page is; its last row of a name is outside of
     groups, where there is one. */
  function pageOf(name) {
    const link = Array.from(document.querySelectorAll('#container_statistics_body a'))
      .filter(candidate => kit.sameName(candidate.textContent, name))
      .pop();
    return link === undefined ? undefined : link.getAttribute('href') + '#tokens';
  }

  function byTurn(data) {
    const disagrees = data.metrics.tokenizerDifference !== null
      && data.metrics.tokenizerDifference.min !== data.metrics.tokenizerDifference.max;
    return scopeTable({
      id: 'tokens-by-turn',
      title: 'By turn',
      first: 'Turn',
      scopes: data.byTurn,
      more: disagrees ? [['Tokens, server − ours', 'Mean', agreementOf]] : []
    });
  }

  const SETBACKS = [
    ['retries', 'Retries'],
    ['turnsCut', 'Prompts cut'],
    ['droppedTokens', 'Tokens dropped'],
    ['brokenConversations', 'Conversations broken off']
  ];

  /* Told only where there were any: most runs have none. */
  function setbacks(data) {
    const any = SETBACKS.some(setback => data.totals[setback[0]] > 0);
    const row = (name, totals) => {
      return {
        name: name,
        cells: SETBACKS.map(setback => cell.whole(totals[setback[0]]))
      };
    };
    return !any ? null : kit.table({
      id: 'tokens-setbacks',
      title: 'Retries and cut prompts',
      menu: 'Retries, cut prompts',
      narrow: true,
      columns: columns(['Turn'].concat(SETBACKS.map(setback => setback[1]))),
      rows: Object.keys(data.byTurn).map(turn => {
        return row(turn, data.byTurn[turn].totals);
      }).concat([row('All', data.totals)])
    });
  }

  const SPREAD = [['mean', 'Mean'], ['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99'], ['max', 'Max']];

  function spreadColumns(first, count) {
    return columns([first, count].concat(SPREAD.map(column => column[1])));
  }

  function spreadRow(name, words, found) {
    return {
      name: name,
      words: words,
      cells: found === null ? null : [cell.whole(found.count)].concat(
        SPREAD.map(column => cell.figure(found[column[0]])))
    };
  }

  function coldWarm(data) {
    const both = data.coldWarm;
    if (both === undefined || both.cold === null || both.warm === null) {
      return null;
    }
    return kit.table({
      id: 'tokens-cold-warm',
      title: 'Cold and warm TTFT (ms)',
      menu: 'Cold and warm',
      narrow: true,
      columns: spreadColumns('Turns', 'Replies'),
      rows: [
        spreadRow('Cold', 'turn 1', both.cold),
        spreadRow('Warm', 'later turns', both.warm)
      ],
      below: both.speedUp === null ? undefined : 'Cold takes ' + both.speedUp.ratio.toFixed(2)
        + ' times as long as warm (95 % interval ' + both.speedUp.low.toFixed(2) + ' to '
        + both.speedUp.high.toFixed(2) + '; ratio of geometric means).'
    });
  }

  function goodput(data) {
    const met = data.totals.goodput;
    return met === null ? null : kit.table({
      id: 'tokens-goodput',
      title: 'Goodput',
      narrow: true,
      columns: columns(['Objective', 'Of all replies', 'Replies/s']),
      rows: Object.keys(met.objectives).map(key => {
        const objective = met.objectives[key];
        return {
          name: key.toUpperCase() + (objective.inclusive ? ' ≤ ' : ' < ')
            + kit.figure(objective.limitMillis) + ' ms',
          cells: [cell.percent(objective.percent), cell.none]
        };
      }).concat([
        { name: 'All of them', cells: [cell.percent(met.percent), cell.rate(met.perSecond)] }
      ])
    });
  }

  function client(data) {
    const health = data.client;
    if (health === undefined || health === null) {
      return null;
    }
    const told = (figure, unit) => figure === null ? kit.NOT_REPORTED : kit.figure(figure) + ' ' + unit;
    return kit.table({
      id: 'tokens-client',
      title: 'Load generator (ms)',
      menu: 'Load generator',
      narrow: true,
      columns: spreadColumns('What it did', 'Samples'),
      rows: [spreadRow('Event-loop lag', 'late to read', health.eventLoopLag)],
      below: 'Collecting garbage: ' + told(health.gcPauseMillis, 'ms') + '. Processor: '
        + told(health.cpuPercent, '% of all cores') + '.'
    });
  }

  function failures(data) {
    const kinds = Object.entries(data.failures || {}).sort((a, b) => b[1].count - a[1].count);
    return kinds.length === 0 ? null : kit.table({
      id: 'tokens-failures',
      title: 'Failures',
      columns: columns(['Kind', 'Count', 'Of replies', 'What the server said']),
      rows: kinds.map(kind => ({
        name: kind[0],
        cells: [
          cell.failed(kind[1].count),
          cell.percent(100 * kind[1].count / data.totals.requests),
          cell.lines(kind[1].examples)
        ]
      }))
    });
  }

  /* Failures come last, unless there is nothing else to say. */
  kit.tables = data => {
    const tables = [
      metricsTable(data),
      coldWarm(data),
      goodput(data),
      byTurn(data),
      setbacks(data),
      scopeTable({
        id: 'tokens-by-request',
        title: 'By request',
        first: 'Request',
        scopes: data.byRequest,
        href: pageOf
      }),
      scopeTable({
        id: 'tokens-by-scenario',
        title: 'By scenario',
        first: 'Scenario',
        scopes: data.byScenario,
        least: 2
      }),
      scopeTable({
        id: 'tokens-by-group',
        title: 'By group',
        first: 'Group',
        scopes: data.byGroup,
        below: 'Conversations of one group share their system prompt.'
          + (data.byGroup && data.byGroup[63] ? ' Group 63 stands for all later ones, too.' : '')
      })
    ];
    return (data.totals.ok === 0 ? [failures(data)].concat(tables) : tables.concat([failures(data)]))
      .concat([client(data)])
      .filter(table => table !== null);
  };
})(Llm);
