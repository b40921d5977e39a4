/* The headline figures, each with its unit and its number of samples. */
(function (kit) {
  'use strict';

  const el = kit.element;

  /* text is null for a figure that was not reported. */
  function tile(name, text, unit, lines) {
    const value = text === null ? [kit.absent()] : [text, el('small', {}, [' ' + unit])];
    return el('div', { class: 'llm-box llm-figure' }, [
      el('h3', {}, [name]),
      el('p', { class: 'llm-value' }, value)
    ].concat([0, 1].map(line => el('p', { class: 'llm-sample' }, [lines[line] || ' ']))));
  }

  kit.figures = data => {
    const { totals, metrics } = data;
    const latency = (key, statistic, other) => {
      const name = data.figures[key].label + ' ' + statistic;
      const summary = metrics[key];
      return summary === null ? tile(name, null, '', ['no samples']) : tile(name, kit.figure(summary[statistic]), 'ms', [
        kit.plural(summary.count, 'response'),
        other + ' ' + kit.figure(summary[other]) + ' ms'
      ]);
    };
    const cached = metrics.cachedTokens;
    const reusable = totals.expectedReusablePercent;
    return el('section', { id: 'tokens-figures', class: 'llm-figures', 'aria-label': 'Figures', 'data-menu': 'Figures' }, [
      latency('ttft', 'p50', 'mean'),
      latency('ttft', 'p95', 'p99'),
      latency('tpot', 'p50', 'mean'),
      totals.outputTokens === null
        ? tile('Output tokens/s', null, '', ['no samples'])
        : tile('Output tokens/s', kit.rate(totals.outputTokensPerSecond), '', [
          kit.plural(totals.outputTokens, 'token'),
          'in ' + kit.rate(data.run.durationSeconds) + ' s'
        ]),
      tile('Requests', kit.whole(totals.ok), 'OK', [
        el('span', totals.ko > 0 ? { class: 'llm-ko' } : {}, [
          kit.whole(totals.ko) + ' KO (' + kit.percent(totals.failedPercent || 0) + ')'
        ]),
        'of ' + kit.whole(totals.requests)
      ]),
      tile('Cache hit', totals.cacheHitPercent === null ? null : kit.fixed(totals.cacheHitPercent, 1), '%', [
        cached === null ? 'no samples' : kit.plural(cached.count, 'response'),
        reusable === null ? '' : kit.percent(reusable) + ' reusable'
      ])
    ]);
  };
})(Llm);
