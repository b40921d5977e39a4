/* The headline figures, each with its unit and the number of samples behind it. */
(function (tab) {
  'use strict';

  const el = tab.element;

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

  function timeTile(name, summary, percentile, beside) {
    return summary === null
      ? tile(name, [tab.absent()], ['no samples'])
      : tile(name, withUnit(tab.figure(summary[percentile]), 'ms'), [
        tab.plural(summary.count, 'reply'),
        beside + ' ' + tab.figure(summary[beside]) + ' ms'
      ]);
  }

  function rateTile(data) {
    const totals = data.totals;
    return totals.outputTokens === null
      ? tile('Output tokens/s', [tab.absent()], ['no samples'])
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
      ? tile('Cache hit', [tab.absent()], ['no samples', reusable])
      : tile('Cache hit', withUnit(tab.percent(totals.cacheHitPercent).slice(0, -2), '%'), [
        cached === null ? '' : tab.plural(cached.count, 'reply'),
        reusable
      ]);
  }

  tab.figures = function (data) {
    const metrics = data.metrics;
    return el('section', {
      id: 'tokens-figures',
      class: 'llm-figures',
      'aria-label': 'Figures',
      'data-menu': 'Figures'
    }, [
      timeTile('TTFT p50', metrics.ttft, 'p50', 'mean'),
      timeTile('TTFT p95', metrics.ttft, 'p95', 'p99'),
      timeTile('TPOT p50', metrics.tpot, 'p50', 'mean'),
      rateTile(data),
      repliesTile(data.totals),
      cacheTile(data.totals, metrics.cachedTokens)
    ]);
  };
})(LlmTokens);
