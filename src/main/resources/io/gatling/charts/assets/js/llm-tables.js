/* The figures and tables of the Tokens tab, in the look of Gatling's own. */
(function (tab) {
  'use strict';

  const el = tab.element;

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

  const COLUMNS = [
    ['mean', 'Mean'], ['stddev', 'Std Dev'], ['min', 'Min'], ['p50', 'p50'], ['p75', 'p75'],
    ['p90', 'p90'], ['p95', 'p95'], ['p99', 'p99'], ['p999', 'p99.9'], ['max', 'Max']
  ];

  function section(id, title, content) {
    return el('section', { id: id, class: 'statistics extensible-geant llm-table' }, [
      el('h2', { class: 'title' }, [title]),
      el('div', { class: 'llm-scroll', tabindex: '0', role: 'region', 'aria-label': title }, content)
    ]);
  }

  function table(headings, rows, more) {
    return el('table', { class: 'statistics-in extensible-geant' + (more || '') }, [
      el('thead', {}, headings.map(function (row) { return el('tr', {}, row); })),
      el('tbody', {}, rows)
    ]);
  }

  /* Few columns, which the page's width would tear apart. */
  function narrow(headings, rows) {
    return table(headings, rows, ' llm-narrow');
  }

  function heading(text, attributes) {
    return el('th', Object.assign({ class: 'header', scope: 'col' }, attributes), [text]);
  }

  function label(content, words) {
    const explained = words === undefined ? [] : [' ', el('small', {}, [words])];
    return el('th', { class: 'llm-label', scope: 'row' }, [content].concat(explained));
  }

  function value(text) {
    return el('td', { class: 'value' }, [text]);
  }

  function koValue(count) {
    return el('td', { class: count > 0 ? 'value llm-ko' : 'value' }, [tab.whole(count)]);
  }

  function missing(columns) {
    return el('td', { colspan: columns }, absent());
  }

  function tile(name, content, lines) {
    return el('div', { class: 'schema llm-figure' }, [
      el('h3', {}, [name]),
      el('p', { class: 'llm-value' }, content),
      el('p', { class: 'llm-sample' }, [lines[0]]),
      el('p', { class: 'llm-sample' }, [lines[1] || ' '])
    ]);
  }

  function withUnit(text, unit) {
    return [text, el('small', {}, [' ' + unit])];
  }

  function absent() {
    return [el('span', { class: 'llm-missing' }, [tab.NOT_REPORTED])];
  }

  function timeTile(name, summary, percentile, beside) {
    return summary === null
      ? tile(name, absent(), ['no samples'])
      : tile(name, withUnit(tab.figure(summary[percentile]), 'ms'), [
        tab.plural(summary.count, 'reply'),
        beside + ' ' + tab.figure(summary[beside]) + ' ms'
      ]);
  }

  function rateTile(data) {
    const totals = data.totals;
    return totals.outputTokens === null
      ? tile('Output tokens/s', absent(), ['no samples'])
      : tile('Output tokens/s', [tab.rate(totals.outputTokensPerSecond)], [
        tab.plural(totals.outputTokens, 'token'),
        'in ' + tab.rate(data.run.durationSeconds) + ' s'
      ]);
  }

  function repliesTile(totals) {
    const ko = totals.requests === 0 ? 0 : 100 * totals.ko / totals.requests;
    const failed = el('span', totals.ko > 0 ? { class: 'llm-ko' } : {}, [
      tab.whole(totals.ko) + ' KO (' + tab.percent(ko) + ')'
    ]);
    return tile('Requests', withUnit(tab.whole(totals.ok), 'OK'), [
      failed,
      'of ' + tab.whole(totals.requests)
    ]);
  }

  function cacheTile(totals, cached) {
    const reusable = totals.expectedReusablePercent === null
      ? ''
      : tab.percent(totals.expectedReusablePercent) + ' reusable';
    return totals.cacheHitPercent === null
      ? tile('Cache hit', absent(), ['no samples', reusable])
      : tile('Cache hit', withUnit(tab.percent(totals.cacheHitPercent).slice(0, -2), '%'), [
        cached === null ? '' : tab.plural(cached.count, 'reply'),
        reusable
      ]);
  }

  tab.figures = function (data) {
    const metrics = data.metrics;
    return el('section', { id: 'tokens-figures', class: 'llm-figures', 'aria-label': 'Figures' }, [
      timeTile('TTFT p50', metrics.ttft, 'p50', 'mean'),
      timeTile('TTFT p95', metrics.ttft, 'p95', 'p99'),
      timeTile('TPOT p50', metrics.tpot, 'p50', 'mean'),
      rateTile(data),
      repliesTile(data.totals),
      cacheTile(data.totals, metrics.cachedTokens)
    ]);
  };

  function metricRow(data, metric) {
    const summary = data.metrics[metric.key];
    const name = label(metric.name, metric.words);
    const format = metric.tokens ? tab.tokens : tab.figure;
    return el('tr', {}, summary === null
      ? [name, missing(COLUMNS.length + 1)]
      : [name, value(tab.whole(summary.count))].concat(COLUMNS.map(function (column) {
        return value(format(summary[column[0]]));
      })));
  }

  function metricsTable(data) {
    const measured = METRICS.some(function (metric) { return data.metrics[metric.key] !== null; });
    const headings = [heading('Metric'), heading('Count')].concat(
      COLUMNS.map(function (column) { return heading(column[1]); }));
    return measured ? section('tokens-metrics', 'Metrics', [
      table([headings], METRICS.map(function (metric) { return metricRow(data, metric); }))
    ]) : null;
  }

  function scopeHeadings(first) {
    return [
      [
        heading(first, { rowspan: 2 }),
        heading('Replies', { colspan: 2 }),
        heading('TTFT (ms)', { colspan: 3 }),
        heading('TPOT (ms)', { colspan: 2 }),
        heading('E2E (ms)', { colspan: 2 }),
        heading('Tokens, mean', { colspan: 2 }),
        heading('Prompt cache', { colspan: 2 })
      ],
      [
        'OK', 'KO', 'p50', 'p95', 'p99', 'p50', 'p95', 'p50', 'p95', 'Input', 'Output', 'Hit',
        'Reusable'
      ].map(function (name) { return heading(name); })
    ];
  }

  function share(percent) {
    return value(percent === null ? '–' : tab.percent(percent));
  }

  function scopeTable(first, scopes, row) {
    return table(scopeHeadings(first), Object.keys(scopes).map(function (name) {
      return scopeRow(row(name), scopes[name]);
    }));
  }

  function scopeRow(name, scope) {
    const figure = function (metric, statistic) {
      const summary = scope.metrics[metric];
      return value(summary === null ? '–' : tab.figure(summary[statistic]));
    };
    return el('tr', {}, [
      label(name),
      value(tab.whole(scope.totals.ok)),
      koValue(scope.totals.ko),
      figure('ttft', 'p50'),
      figure('ttft', 'p95'),
      figure('ttft', 'p99'),
      figure('tpot', 'p50'),
      figure('tpot', 'p95'),
      figure('e2e', 'p50'),
      figure('e2e', 'p95'),
      figure('inputTokens', 'mean'),
      figure('outputTokens', 'mean'),
      share(scope.totals.cacheHitPercent),
      share(scope.totals.expectedReusablePercent)
    ]);
  }

  function byTurn(data) {
    return Object.keys(data.byTurn).length === 0 ? null : section('tokens-by-turn', 'By turn', [
      scopeTable('Turn', data.byTurn, String)
    ]);
  }

  const SETBACKS = [
    ['retries', 'Retries'],
    ['turnsCut', 'Prompts cut'],
    ['droppedTokens', 'Tokens dropped'],
    ['brokenConversations', 'Conversations broken off']
  ];

  /* Told only where there were any: most runs have none. */
  function setbacks(data) {
    const any = SETBACKS.some(function (setback) { return data.totals[setback[0]] > 0; });
    const row = function (name, totals) {
      return el('tr', {}, [label(name)].concat(SETBACKS.map(function (setback) {
        return value(tab.whole(totals[setback[0]]));
      })));
    };
    return !any ? null : section('tokens-setbacks', 'Retries and cut prompts', [
      narrow(
        [[heading('Turn')].concat(SETBACKS.map(function (setback) { return heading(setback[1]); }))],
        Object.keys(data.byTurn).map(function (turn) {
          return row(turn, data.byTurn[turn].totals);
        }).concat([row('All', data.totals)]))
    ]);
  }

  /* Gatling's own table knows where a request's page is; its last row of a name is outside of
     groups, where there is one. */
  function requestName(name) {
    const link = Array.from(document.querySelectorAll('#container_statistics_body a'))
      .filter(function (candidate) { return tab.sameName(candidate.textContent, name); })
      .pop();
    return link === undefined
      ? name
      : el('a', { href: link.getAttribute('href') + '#tokens' }, [name]);
  }

  function byRequest(data) {
    return data.byRequest === undefined ? null : section('tokens-by-request', 'By request', [
      scopeTable('Request', data.byRequest, requestName)
    ]);
  }

  const SPREAD = [['mean', 'Mean'], ['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99'], ['max', 'Max']];

  function spreadHeadings(first, count) {
    return [[heading(first), heading(count)].concat(SPREAD.map(function (column) {
      return heading(column[1]);
    }))];
  }

  function spreadRow(name, words, summary) {
    return el('tr', {}, summary === null
      ? [label(name, words), missing(SPREAD.length + 1)]
      : [label(name, words), value(tab.whole(summary.count))].concat(SPREAD.map(function (column) {
        return value(tab.figure(summary[column[0]]));
      })));
  }

  function coldWarm(data) {
    const both = data.coldWarm;
    if (both === undefined || both.cold === null || both.warm === null) {
      return null;
    }
    const speedUp = both.speedUp === null ? [] : [el('p', { class: 'llm-caption' }, [
      'Cold takes ' + both.speedUp.ratio.toFixed(2) + ' times as long as warm (95 % interval '
        + both.speedUp.low.toFixed(2) + ' to ' + both.speedUp.high.toFixed(2)
        + '; ratio of geometric means).'
    ])];
    return section('tokens-cold-warm', 'Cold and warm TTFT (ms)', [
      narrow(spreadHeadings('Turns', 'Replies'), [
        spreadRow('Cold', 'turn 1', both.cold),
        spreadRow('Warm', 'later turns', both.warm)
      ])
    ].concat(speedUp));
  }

  function goodput(data) {
    const met = data.totals.goodput;
    if (met === null) {
      return null;
    }
    const rows = Object.keys(met.objectives).map(function (key) {
      const objective = met.objectives[key];
      return el('tr', {}, [
        label(key.toUpperCase() + (objective.inclusive ? ' ≤ ' : ' < ')
          + tab.figure(objective.limitMillis) + ' ms'),
        value(tab.percent(objective.percent)),
        value('–')
      ]);
    });
    return section('tokens-goodput', 'Goodput', [
      narrow([[heading('Objective'), heading('Of all replies'), heading('Replies/s')]], rows.concat([
        el('tr', {}, [
          label('All of them'), value(tab.percent(met.percent)), value(tab.rate(met.perSecond))
        ])
      ]))
    ]);
  }

  function client(data) {
    const health = data.client;
    if (health === undefined || health === null) {
      return null;
    }
    const told = function (figure, unit) {
      return figure === null ? tab.NOT_REPORTED : tab.figure(figure) + ' ' + unit;
    };
    return section('tokens-client', 'Load generator (ms)', [
      narrow(spreadHeadings('What it did', 'Samples'), [
        spreadRow('Event-loop lag', 'late to read', health.eventLoopLag)
      ]),
      el('p', { class: 'llm-caption' }, [
        'Collecting garbage: ' + told(health.gcPauseMillis, 'ms') + '. Processor: '
          + told(health.cpuPercent, '% of all cores') + '.'
      ])
    ]);
  }

  function failureRow(kind, failure, requests) {
    return el('tr', {}, [
      label(kind),
      el('td', { class: 'value llm-ko' }, [tab.whole(failure.count)]),
      value(tab.percent(100 * failure.count / requests)),
      el('td', { class: 'llm-words' }, failure.examples.map(function (words) {
        return el('p', {}, [words]);
      }))
    ]);
  }

  function failures(data) {
    if (data.failures === undefined || Object.keys(data.failures).length === 0) {
      return null;
    }
    const kinds = Object.entries(data.failures).sort(function (a, b) {
      return b[1].count - a[1].count;
    });
    return section('tokens-failures', 'Failures', [
      table(
        [[heading('Kind'), heading('Count'), heading('Of replies'), heading('What the server said')]],
        kinds.map(function (kind) { return failureRow(kind[0], kind[1], data.totals.requests); }))
    ]);
  }

  /* Failures come last, unless there is nothing else to say. */
  tab.tables = function (data) {
    const tables = [
      metricsTable(data), coldWarm(data), goodput(data), byTurn(data), setbacks(data), byRequest(data)
    ];
    return (data.totals.ok === 0 ? [failures(data)].concat(tables) : tables.concat([failures(data)]))
      .concat([client(data)])
      .filter(function (table) { return table !== null; });
  };

  function definitions(entries) {
    return el('dl', { class: 'llm-definitions' }, entries.flatMap(function (entry) {
      return [el('dt', {}, [entry[0]]), el('dd', {}, [entry[1]])];
    }));
  }

  function notes(id, title, entries) {
    return el('section', { id: id, class: 'schema llm-notes' }, [
      el('h2', { class: 'chart_title' }, [title]),
      definitions(entries)
    ]);
  }

  /* Words of the server's may be among them: text, never markup. */
  tab.findings = function (data) {
    return data.notes === undefined || data.notes.length === 0 ? [] : [
      el('section', { id: 'tokens-findings', class: 'schema llm-notes' }, [
        el('h2', { class: 'chart_title' }, ['What stands out']),
        el('ul', { class: 'llm-findings' }, data.notes.map(function (note) {
          return el('li', { class: 'llm-' + note.level }, [note.text]);
        }))
      ])
    ];
  };

  tab.runInfo = function (run) {
    return notes('tokens-run', 'Run', [
      ['Simulation', run.simulation],
      ['Started', run.start],
      ['Measured', tab.rate(run.durationSeconds) + ' s, warm-up and drain left out'],
      ['Server', run.baseUrl],
      ['API', run.api],
      ['Model', run.model],
      ['Tokenizer', run.tokenizer],
      ['Seed', run.seed],
      ['Versions', [
        ['gatling-llm', run.version], ['Gatling', run.gatlingVersion], ['Java', run.javaVersion]
      ].filter(function (version) { return version[1] !== null; })
        .map(function (version) { return version.join(' '); })
        .join(', ')]
    ].filter(function (entry) { return entry[1] !== null && entry[1] !== ''; }));
  };

  tab.definitions = function (data) {
    const pooled = data.pages > 1
      ? [['This page', 'Replies of this name are counted together, whichever of its '
        + data.pages + ' groups of Gatling’s they ran in.']]
      : [];
    return notes('tokens-definitions', 'What the figures mean', pooled.concat([
      ['TTFT', 'Time to first token: from the moment the request was written to the first chunk that '
        + 'carries output of any kind: text, reasoning or a tool call. An empty opener does not count.'],
      ['TTFO', 'Time to first output token: the same up to the first output that is not reasoning.'],
      ['TPOT', 'Time per output token, of each reply of two tokens or more: from its first chunk of '
        + 'output to its last, over output tokens − 1.'],
      ['ICL', 'Inter-chunk latency: gaps between successive chunks of output, over all replies. Other '
        + 'tools print it as ITL; here ITL is said only where each chunk is known to be one token.'],
      ['E2E', 'End-to-end latency: from the request written to the last byte of the reply. NTPOT is '
        + 'E2E over output tokens.'],
      ['Output tokens/s', 'Tokens that arrived in the measured window over its length. They count '
        + 'when they arrive, not when the reply ends.'],
      ['Cache hit', 'Cached over input tokens, of the replies for which the server reports it. '
        + '“Reusable” is what an earlier prompt had already sent.'],
      ['Cut prompts, retries', 'Prompts without the earlier turns that would not fit into the context '
        + 'window, and replies to second and later tries; told where there were any.'],
      ['Samples', 'Every figure stands on the count beside it. What the server does not report is '
        + '“not reported”, never 0. Percentiles keep three significant digits.'],
      ['Warm-up, drain', 'What came before the measured window, and after it while the last '
        + 'conversations ended: shaded in the charts over time, and in no figure or table.']
    ]));
  };
})(LlmTokens);
