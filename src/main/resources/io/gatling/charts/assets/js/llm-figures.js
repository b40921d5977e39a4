/* The headline figures, each with its unit and the number of samples behind it. */
(function (kit) {
  'use strict';

  const el = kit.element;

  function tile(name, content, lines) {
    return el('div', { class: 'llm-box llm-figure' }, [
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
      ? tile(name, [kit.absent()], ['no samples'])
      : tile(name, withUnit(kit.figure(summary[percentile]), 'ms'), [
        kit.plural(summary.count, 'response'),
        beside + ' ' + kit.figure(summary[beside]) + ' ms'
      ]);
  }

  function rateTile(data) {
    const totals = data.totals;
    return totals.outputTokens === null
      ? tile('Output tokens/s', [kit.absent()], ['no samples'])
      : tile('Output tokens/s', [kit.rate(totals.outputTokensPerSecond)], [
        kit.plural(totals.outputTokens, 'token'),
        'in ' + kit.rate(data.run.durationSeconds) + ' s'
      ]);
  }

  function responsesTile(totals) {
    const ko = totals.requests === 0 ? 0 : 100 * totals.ko / totals.requests;
    const failed = el('span', totals.ko > 0 ? { class: 'llm-ko' } : {}, [
      kit.whole(totals.ko) + ' KO (' + kit.percent(ko) + ')'
    ]);
    return tile('Requests', withUnit(kit.whole(totals.ok), 'OK'), [
      failed,
      'of ' + kit.whole(totals.requests)
    ]);
  }

  function cacheTile(totals, cached) {
    const reusable = totals.expectedReusablePercent === null
      ? ''
      : kit.percent(totals.expectedReusablePercent) + ' reusable';
    return totals.cacheHitPercent === null
      ? tile('Cache hit', [kit.absent()], ['no samples', reusable])
      : tile('Cache hit', withUnit(kit.percent(totals.cacheHitPercent).slice(0, -2), '%'), [
        cached === null ? '' : kit.plural(cached.count, 'response'),
        reusable
      ]);
  }

  kit.figures = data => {
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
      responsesTile(data.totals),
      cacheTile(data.totals, metrics.cachedTokens)
    ]);
  };
})(Llm);
