/* The headline figures, each with its objective, its unit and its number of samples. */
(kit => {
  'use strict';

  const el = kit.element;

  /* text is null for a figure that is not there; why says the reason. level colours the edge. */
  function tile(name, text, unit, lines, { why, level } = {}) {
    const value = text === null ? [kit.absent(why)] : [text, el('small', {}, [' ' + unit])];
    return el('div', { class: 'llm-box llm-figure' + (level ? ' llm-edge-' + level : '') }, [
      el('h2', {}, [name]),
      el('p', { class: 'llm-value' }, value),
      ...lines.filter(line => line).map(line => el('p', { class: 'llm-sample' }, [kit.unbroken(line)]))
    ]);
  }

  /* The percentile, or the maximum if too few responses lie beyond it. */
  function latency(data, key, percentile) {
    const summary = data.metrics[key];
    const statistic = summary && kit.statistic(summary, percentile) === null ? 'max' : percentile;
    const name = data.figures[key].label + ' ' + statistic;
    const objective = kit.objectives()[key];
    const asked = objective === undefined ? '' : 'objective ' + kit.limitInWords(objective);
    if (!summary) {
      return tile(name, null, '', [asked], { why: data.totals.ok === 0 ? 'no successful response' : 'no samples' });
    }
    const value = summary[statistic];
    const [low, high] = data.intervals[key]?.[statistic] ?? [null, null];
    return tile(name, kit.figure(value), 'ms', [
      asked && asked + ' · ' + kit.distance(value, objective),
      kit.plural(summary.count, 'response') + (statistic === 'max' ? ', too few for ' + percentile : ''),
      low === null || high === null ? (statistic === 'max' ? '' : 'too few for an interval') : kit.figure(low) + ' to ' + kit.figure(high) + ' ms (95 %)'
    ], { level: objective && (kit.meets(value, objective) ? 'good' : 'bad') });
  }

  function goodput(data) {
    const met = data.totals.goodput;
    const objectives = Object.keys(kit.objectives());
    return met === null || objectives.length === 0 ? [] : [
      tile('Goodput', kit.share(met.percent), '%', [
        'met ' + objectives.map(key => data.figures[key].label).join(', '),
        kit.rate(met.perSecond) + ' good responses/s',
        met.interval ? kit.share(met.interval[0]) + ' to ' + kit.percent(met.interval[1]) + ' (95 %)' : ''
      ], { level: kit.goodputLevel(met.interval?.[0] ?? met.percent) })
    ];
  }

  function output(data) {
    const { totals } = data;
    return totals.outputTokens === null
      ? tile('Output', null, '', [], { why: 'no output tokens' })
      : tile('Output', kit.rate(totals.outputTokensPerSecond), 'tokens/s', [
        kit.rate(totals.responsesPerSecond ?? 0) + ' responses/s',
        kit.plural(totals.outputTokens, 'token')
          + (totals.reasoningTokens > 0 ? ', ' + kit.whole(totals.reasoningTokens) + ' reasoning' : '')
          + ' in ' + kit.rate(data.run.durationSeconds) + ' s',
        totals.outputTokensPerSecondPerGpu === null ? ''
          : kit.rate(totals.outputTokensPerSecondPerGpu) + ' tokens/s per GPU'
      ]);
  }

  function failed({ totals }) {
    const unfinished = ['abandoned', 'cut', 'waiting'].filter(key => totals[key] > 0)
      .map(key => kit.whole(totals[key]) + ' ' + key).join(', ');
    const percent = totals.failedPercent ?? 0;
    return totals.requests === 0
      ? tile('Failed', null, '', [unfinished], { why: 'no response ended', level: 'bad' })
      : tile('Failed', kit.share(percent), '%', [
        kit.whole(totals.ko) + ' of ' + kit.plural(totals.requests, 'response'),
        unfinished
      ], { level: totals.ko === 0 ? 'good' : percent < 1 ? 'doubtful' : 'bad' });
  }

  /* Whether conversations of more than one turn ended: those of one turn are responses. */
  kit.hasConversations = all => !!all && all.completed + all.failed > 0 && (all.turns === null || all.turns.max > 1);

  /* What became of the conversations: "12 completed, 1 failed, 3 had not ended." */
  kit.conversationsInWords = all => [['completed', 'completed'], ['failed', 'failed'],
    ['left', 'abandoned'], ['unfinished', 'not ended in the window']]
    .filter(([key]) => all[key] > 0 || key === 'completed')
    .map(([key, words]) => kit.whole(all[key]) + ' ' + words).join(', ') + '.';

  function conversations({ conversations: all }) {
    const length = all?.duration;
    return !length || !kit.hasConversations(all) ? [] : [
      tile('Conversation p50', kit.figure(length.p50), 'ms', [
        (kit.statistic(length, 'p95') === null ? 'max ' + kit.figure(length.max) : 'p95 ' + kit.figure(length.p95)) + ' ms'
          + (length.count === all.turns.count ? '' : ' of ' + kit.whole(length.count) + ' that began in the window'),
        kit.tokens(all.turns.mean) + ' turns on average' + (all.toolTime.max > 0 ? ', ' + kit.figure(all.toolTime.mean) + ' ms of tools' : ''),
        kit.conversationsInWords(all).replace(/\.$/, '')
      ])
    ];
  }

  function cacheHit({ totals, metrics }) {
    const cached = metrics.cachedTokens;
    const reusable = totals.expectedReusablePercent;
    const least = kit.share(totals.cacheHitPercent ?? 0);
    const most = totals.cacheHitPercentUpper === null ? null : kit.share(totals.cacheHitPercentUpper);
    const hit = most === null ? '≥ ' + least : most === least ? least : least + '–' + most;
    return tile('Cache hit', totals.cacheHitPercent === null ? null : hit, '%', [
      reusable === null ? '' : kit.percent(reusable) + ' or more sent before',
      cached === null ? '' : kit.plural(cached.count, 'response')
    ], { why: totals.ok === 0 ? 'no successful response' : kit.NOT_REPORTED });
  }

  /* What the server costs at this load, if llm.costPerHour tells. */
  function cost({ totals }) {
    return totals.costPerMillionOutputTokens === null ? [] : [
      tile('Cost', kit.score(totals.costPerMillionOutputTokens, 3), '', [
        'per million output tokens',
        [['costPerThousandGoodRequests', 'requests'], ['costPerThousandGoodConversations', 'conversations']]
          .filter(([key]) => totals[key] != null)
          .map(([key, noun]) => kit.score(totals[key], 3) + ' per 1,000 good ' + noun).join(', ')
      ])
    ];
  }

  const SINCE = [
    { path: 'totals.goodput.percent', name: 'goodput', points: true },
    { path: 'metrics.ttft.p95', name: 'TTFT p95' },
    { path: 'metrics.tpot.p95', name: 'TPOT p95' },
    { path: 'metrics.e2e.p95', name: 'E2E p95' },
    { path: 'totals.outputTokensPerSecond', name: 'output' },
    { path: 'totals.cacheHitPercent', name: 'cache hit', points: true },
    { path: 'totals.failedPercent', name: 'failed', points: true }
  ];

  const signed = (value, text) => (value < 0 ? '−' : '+') + text;

  /* By how much a figure differs from that of the run before; empty if the difference is small or unknown. */
  function since(figure, before, now) {
    const [from, to] = [kit.at(before, figure.path), kit.at(now, figure.path)];
    if (typeof from !== 'number' || typeof to !== 'number') {
      return [];
    }
    if (figure.points) {
      return Math.abs(to - from) < 1 ? [] : [figure.name + ' ' + signed(to - from, kit.fixed(Math.abs(to - from), 0)) + ' points'];
    }
    const ratio = to / from;
    return !(from > 0) || Math.abs(ratio - 1) < 0.05 ? [] : [figure.name + ' ' + (ratio >= 3 ? '×' + kit.figure(ratio)
      : signed(ratio - 1, kit.fixed(Math.abs(100 * (ratio - 1)), 0) + ' %'))];
  }

  /* The comparison with the run before, which belongs to the whole run. */
  function previous(data) {
    const before = data.previous;
    if (!before || data.shown !== undefined) {
      return [];
    }
    const differences = SINCE.flatMap(figure => since(figure, before, data));
    const settings = kit.changedLoad(before.run, data.run);
    return [
      'Against the run before (', el('a', { href: '../' + encodeURIComponent(before.folder) + '/index.html#tokens' }, [
        kit.moment(before.start)
      ]), '): ' + (differences.length === 0 ? 'about the same' : differences.join(' · ')) + '. '
        + (settings.length === 0 ? 'Same settings. ' : 'Changed: ' + settings.join(', ') + '. ')
        + 'Single runs vary by chance.'
    ];
  }

  /* Why Gatling's own charts count more. */
  function outside(data) {
    const parts = [['warmUp', 'the warm-up'], ['drain', 'the drain']]
      .filter(([key]) => data.outsideWindow?.[key] > 0)
      .map(([key, words]) => kit.whole(data.outsideWindow[key]) + ' of ' + words);
    return data.shown !== undefined || parts.length === 0 ? [] : [
      'Figures count the ' + kit.plural(data.totals.requests, 'response') + ' that ended in the measured '
        + kit.rate(data.run.durationSeconds) + ' s; Gatling’s own charts also count ' + parts.join(' and ') + '.'
    ];
  }

  /* What the figures count, and how they differ from those before. */
  kit.figureNotes = data => {
    const notes = [previous(data), outside(data)].filter(words => words.length > 0);
    return notes.length === 0 ? []
      : [el('div', { class: 'llm-notes' }, notes.map(words => el('p', { class: 'llm-sample' }, words)))];
  };

  /* Goodput first, then what its objectives are about, then what the server did. */
  kit.figures = data => {
    const judged = Object.keys(kit.objectives()).filter(key => !['ttft', 'tpot'].includes(key) && data.metrics[key] !== undefined);
    const latencies = kit.objectivesAreSet()
      ? [['ttft', 'p95'], ['tpot', 'p95'], ...judged.map(key => [key, 'p95'])]
      : [['ttft', 'p50'], ['ttft', 'p95'], ['tpot', 'p50']];
    return el('section', { id: 'tokens-figures', class: 'llm-figures', 'aria-label': 'Figures', 'data-menu': 'Figures' }, [
      ...goodput(data),
      ...latencies.map(([key, statistic]) => latency(data, key, statistic)),
      failed(data),
      output(data),
      cacheHit(data),
      ...conversations(data),
      ...cost(data)
    ]);
  };
})(Llm);
