/* The tables of the Tokens tab. */
(kit => {
  'use strict';

  const cell = kit.cell;

  const STATISTICS = [
    ['mean', 'Mean'], ['stddev', 'Std Dev'], ['min', 'Min'], ['p50', 'p50'], ['p75', 'p75'],
    ['p90', 'p90'], ['p95', 'p95'], ['p99', 'p99'], ['p999', 'p99.9'], ['max', 'Max']
  ];

  function columns(names) {
    return names.map(name => ({ name: name }));
  }

  function metricsTable(data) {
    const keys = Object.keys(data.figures)
      .filter(key => data.metrics[key] !== undefined && (data.metrics[key] !== null || !data.figures[key].rare));
    return keys.every(key => data.metrics[key] === null) ? null : kit.table({
      id: 'tokens-metrics',
      title: 'Metrics',
      absent: data.totals.ok === 0 ? 'no successful response' : undefined,
      columns: columns(['Metric', 'Count'].concat(STATISTICS.map(statistic => statistic[1]))),
      rows: keys.map(key => {
        const summary = data.metrics[key];
        const figure = data.figures[key].unit === 'ms' ? cell.figure : cell.tokens;
        return {
          name: kit.labelOf(data.figures[key]),
          words: data.figures[key].description,
          cells: summary && [cell.whole(summary.count),
            ...STATISTICS.map(([key]) => figure(kit.statistic(summary, key)))]
        };
      })
    });
  }

  /* The same figures for each of several sets of responses, if there are enough of them. */
  function scopeTable(data, options) {
    const names = Object.keys(options.scopes || {});
    const figures = options.figures || data.columns;
    return names.length < (options.least || 1) ? null : kit.table({
      id: options.id,
      title: options.title,
      narrow: options.narrow,
      columns: [{ name: options.first }].concat(options.share ? [{ name: 'Of OK' }] : [], kit.figureColumns(figures)),
      rows: names.map(name => ({
        name: name,
        href: options.href ? options.href(name) : undefined,
        cells: (options.share ? [cell.percent(data.totals.ok === 0 ? null : 100 * options.scopes[name].totals.ok / data.totals.ok)] : [])
          .concat(kit.figureCells(figures, options.scopes[name]))
      })),
      below: options.below
    });
  }

  /* The page of a request, from Gatling's own table. The last row with the name is outside of groups,
     if there is one. */
  function pageOf(name) {
    const link = Array.from(document.querySelectorAll('#container_statistics_body a'))
      .filter(candidate => kit.sameName(candidate.textContent, name))
      .pop();
    return link === undefined ? undefined : link.getAttribute('href') + '#tokens';
  }

  function byTurn(data) {
    const disagrees = data.metrics.tokenizerDifference
      && data.metrics.tokenizerDifference.min !== data.metrics.tokenizerDifference.max;
    return scopeTable(data, {
      id: 'tokens-by-turn',
      title: 'By turn',
      first: 'Turn',
      scopes: data.byTurn,
      figures: data.columns.concat(disagrees
        ? [{ name: 'Tokens, server − expected', path: 'metrics.tokenizerDifference.mean' }]
        : [])
    });
  }

  /* Shown only if there were any: most runs have none. */
  function retries(data) {
    return data.retryColumns.every(figure => !kit.at(data, figure.path)) ? null : scopeTable(data, {
      id: 'tokens-retries',
      title: 'Incomplete and repeated requests',
      narrow: true,
      first: 'Turn',
      figures: data.retryColumns,
      scopes: Object.assign({}, data.byTurn, { All: data })
    });
  }

  /* One value is no breakdown; the header that names replicas was asked for. */
  function breakdown(data, { key, label, title, scopes }) {
    const isReplica = key === 'replica';
    return scopeTable(data, {
      id: 'tokens-by-' + key.replace(/[A-Z]/g, letter => '-' + letter.toLowerCase()),
      title: title,
      first: label,
      scopes: data[scopes],
      share: key === 'finishReason',
      least: isReplica ? 1 : 2,
      below: isReplica ? 'By the header of llm.replicaHeader.' : undefined
    });
  }

  const SPREAD = [['mean', 'Mean'], ['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99'], ['max', 'Max']];

  function spreadColumns(first, count) {
    return columns([first, count].concat(SPREAD.map(column => column[1])));
  }

  function spreadRow(name, words, found, format = cell.figure) {
    const figures = found && [cell.whole(found.count),
      ...SPREAD.map(([key]) => format(kit.statistic(found, key)))];
    return { name: name, words: words, cells: figures };
  }

  /* The interval decides: one that holds 1 shows no difference. Prompts of other lengths may explain any. */
  function speedUp(data, { lengths, speedUp: known }) {
    if (!known && Object.keys(data.byModel ?? {}).length > 1) {
      return 'Not comparable: the prompts are of several models, each of which has times of its own.';
    }
    const areAlike = !lengths || (lengths <= 1.25 && lengths >= 0.8);
    const words = areAlike ? '' : ' Warm prompts are ' + lengths.toFixed(2) + ' times as long.';
    if (!known) {
      return areAlike ? undefined : 'Not comparable:' + words.toLowerCase().slice(0, -1)
        + ', which may explain the difference. See TTFT by uncached input tokens.';
    }
    const { ratio, low, high } = known;
    const interval = ' (95 % interval ' + low.toFixed(2) + ' to ' + high.toFixed(2) + '; ratio of geometric means).' + words;
    return low > 1 ? 'Cold takes ' + ratio.toFixed(2) + ' times as long as warm' + interval
      : high < 1 ? 'No speed-up by the cache: cold takes ' + ratio.toFixed(2) + ' times as long as warm' + interval
        : 'No difference visible between cold and warm: ratio ' + ratio.toFixed(2) + interval;
  }

  function coldWarm(data) {
    const both = data.coldWarm;
    return !both?.cold || !both.warm ? null : kit.table({
      id: 'tokens-cold-warm',
      title: 'Cold and warm TTFT (ms)',
      narrow: true,
      columns: spreadColumns('Prompts', 'Responses'),
      rows: [
        spreadRow('Cold', 'less than half ' + kit.wasCached(data), both.cold),
        spreadRow('Warm', 'half or more ' + kit.wasCached(data), both.warm)
      ],
      below: speedUp(data, both)
    });
  }

  /* How conversations went, over those that were completed. */
  function conversations(data) {
    const all = data.conversations;
    const keys = Object.keys(data.conversationFigures)
      .filter(key => key === 'turns' || (all?.[key] && (all[key].max > 0 || !['toolTime', 'thinkTime', 'unfinishedAge'].includes(key))));
    return !kit.hasConversations(all) ? null : kit.table({
      id: 'tokens-conversations',
      title: 'Conversations',
      narrow: true,
      absent: 'no conversation was completed of which all turns were measured',
      columns: spreadColumns('Measurement', 'Conversations'),
      rows: keys.map(key => {
        const figure = data.conversationFigures[key];
        const format = { ms: cell.figure, '%': cell.percent }[figure.unit] || cell.tokens;
        return spreadRow(kit.labelOf(figure), figure.description, all[key], format);
      }),
      below: kit.conversationsInWords(all) + ' Figures are of completed conversations, measured from their first turn on.'
    });
  }

  function conversationsByOutcome(data) {
    const outcomes = Object.entries(data.conversations?.byOutcome ?? {});
    return outcomes.length < 2 ? null : kit.table({
      id: 'tokens-by-outcome',
      title: 'Conversations by outcome',
      narrow: true,
      columns: [{ name: 'Outcome' }, { name: 'Conversations' }, { group: 'Turns', name: 'mean' },
        { group: 'Duration (ms)', name: 'mean' }, { group: 'Duration (ms)', name: 'p95' },
        { group: 'Model time (ms)', name: 'mean' }, { group: 'Cache hit', name: 'mean' }],
      rows: outcomes.map(([name, { count, turns, duration, modelTime, cacheHitPercent }]) => ({
        name: name,
        cells: [
          cell.whole(count), cell.tokens(turns?.mean), cell.figure(duration?.mean),
          cell.figure(duration && kit.statistic(duration, 'p95')), cell.figure(modelTime?.mean), cell.percent(cacheHitPercent?.mean)
        ]
      }))
    });
  }

  function goodput(data) {
    const met = data.totals.goodput;
    return met === null ? null : kit.table({
      id: 'tokens-goodput',
      title: 'Goodput',
      narrow: true,
      columns: columns(['Objective', 'Of requests', 'Responses/s']),
      rows: Object.keys(met.objectives).map(key => {
        const objective = met.objectives[key];
        return {
          name: key.toUpperCase() + (objective.inclusive ? ' ≤ ' : ' < ')
            + kit.figure(objective.limitMillis) + ' ms',
          cells: [cell.percent(objective.percent), cell.none]
        };
      }).concat([
        { name: 'All of them', cells: [cell.percent(met.percent), cell.rate(met.perSecond)] }
      ]),
      below: [
        met.unfinishedMissed === 0 ? '' : kit.plural(met.unfinishedMissed, 'request')
          + ' had not ended when the measured window did, but had already missed an objective: counted as missed for it, and for all.',
        met.missedInWarmUp === 0 ? '' : kit.plural(met.missedInWarmUp, 'response')
          + ' had missed an objective in the warm-up: left out.'
      ].filter(text => text !== '').join(' ') || undefined
    });
  }

  /* A row for each check of the text, if any response was checked. */
  function checks(data) {
    const { comparedResponses, differentPercent, jsonResponses, invalidJsonPercent } = data.totals;
    const differences = data.metrics.differsAt;
    const check = (name, words, checked, failedPercent) => !checked ? [] : [{
      name: name,
      words: words,
      cells: [
        cell.whole(checked),
        cell.failed(Math.round(failedPercent * checked / 100)),
        cell.percent(failedPercent)
      ]
    }];
    const rows = check('Equal', 'to the first response to one prompt', comparedResponses, differentPercent)
      .concat(check('Valid JSON', 'where requests ask for it', jsonResponses, invalidJsonPercent));
    return rows.length === 0 ? null : kit.table({
      id: 'tokens-checks',
      title: 'Checks of the text',
      narrow: true,
      columns: columns(['Check', 'Responses', 'Not met', 'Of these']),
      rows: rows,
      below: differences ? 'The first difference follows '
        + kit.plural(differences.min, 'equal character') + ' at the earliest.' : undefined
    });
  }

  function client(data) {
    const health = data.client;
    const reported = (figure, unit) => figure === null ? kit.NOT_REPORTED : kit.figure(figure) + ' ' + unit;
    return !health ? null : kit.table({
      id: 'tokens-client',
      title: 'Load generator (ms)',
      narrow: true,
      columns: spreadColumns('Measurement', 'Samples'),
      rows: [
        spreadRow('Event-loop lag', 'tasks ran late', health.eventLoopLag),
        spreadRow('Worst event loop', '', health.worstLoopLag)
      ],
      below: 'Garbage collection: ' + reported(health.gcPauseMillis, 'ms') + '. CPU: '
        + reported(health.cpuPercent, '% of all cores') + '.'
    });
  }

  function failures(data) {
    const kinds = Object.entries(data.failures || {}).sort((a, b) => b[1].count - a[1].count);
    return kinds.length === 0 ? null : kit.table({
      id: 'tokens-failures',
      title: 'Failures',
      columns: columns(['Kind', 'Count', 'Of responses', 'Messages of the server']),
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

  /* Failures come first, if there are any. */
  kit.tables = data => [
    failures(data),
    metricsTable(data),
    conversations(data),
    conversationsByOutcome(data),
    coldWarm(data),
    goodput(data),
    checks(data),
    byTurn(data),
    retries(data),
    scopeTable(data, {
      id: 'tokens-by-request',
      title: 'By request',
      first: 'Request',
      scopes: data.byRequest,
      href: pageOf
    }),
    ...(data.breakdowns ?? []).map(by => breakdown(data, by)),
    scopeTable(data, {
      id: 'tokens-by-group',
      title: 'By group',
      first: 'Group',
      scopes: data.byGroup,
      below: 'Conversations of one group share their system prompt; several workloads share the rows.'
        + (data.byGroup?.[63] ? ' Row 63 pools groups 63 and up.' : '')
    }),
    client(data)
  ].filter(table => table !== null);
})(Llm);
