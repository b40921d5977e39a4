/* How values are spread: histograms of latencies and of tokens. */
(function (kit) {
  'use strict';

  /* Counts in bins of equal width, or of equal ratio where values span more than a factor of 8. */
  function histogram(curve) {
    const total = curve.counts.reduce((sum, count) => sum + count, 0);
    const quantile = share => {
      let seen = 0;
      return curve.values.find((value, index) => {
        seen += curve.counts[index];
        return seen >= share * total;
      });
    };
    const high = quantile(0.999);
    const low = Math.max(quantile(0.001), high / 1e5);
    const logarithmic = high / low > 8;
    const scale = logarithmic ? Math.log : value => value;
    const unscale = logarithmic ? Math.exp : value => value;
    const size = Math.min(48, Math.max(8, Math.floor(curve.values.length / 3)));
    const step = (scale(high) - scale(low)) / size || 1;
    const position = value => (scale(value) - scale(low)) / step;
    const shares = new Array(size).fill(0);
    let outside = 0;
    curve.values.forEach((value, index) => {
      const share = 100 * curve.counts[index] / total;
      if (value < low || value > high) {
        outside += share;
        return;
      }
      /* Spread over the bucket, which ends at the value, lest buckets and bins beat. */
      const bottom = Math.max(low, value / 1.1, index === 0 ? 0 : curve.values[index - 1]);
      const from = Math.min(position(bottom), size);
      const to = Math.max(from + 1e-9, Math.min(position(value), size));
      for (let bin = Math.min(size - 1, Math.floor(from)); bin < to; bin++) {
        shares[bin] += share * (Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from);
      }
    });
    return {
      total: total,
      outside: outside,
      shares: shares,
      logarithmic: logarithmic,
      low: low,
      high: high,
      edge: bin => unscale(scale(low) + bin * step),
      position: position
    };
  }

  function histogramChart(id, menu, data, metrics, words) {
    const present = metrics.filter(metric => data.curves[metric.key] !== undefined);
    if (present.length === 0) {
      return null;
    }
    let chosen = present[0];
    return kit.chart(id, menu, [{
      label: 'Metric',
      options: present.map(metric => metric.short),
      selected: 0,
      choose: index => { chosen = present[index]; }
    }], () => {
      const bins = histogram(data.curves[chosen.key]);
      const marks = kit.roundValues(bins.low, bins.high, bins.logarithmic);
      const count = bins.shares.length;
      const range = bin => {
        return kit.figure(bins.edge(bin)) + ' to ' + kit.figure(bins.edge(bin + 1)) + ' ' + words.unit;
      };
      return {
        title: words.title(chosen),
        caption: kit.plural(bins.total, chosen.noun) + (bins.logarithmic ? ', on a logarithmic axis' : '')
          + '; ' + kit.percent(bins.outside) + ' lie outside of what is drawn.',
        x: {
          name: 'Up to (' + words.unit + ')',
          format: range,
          value: bin => bins.edge(bin + 1)
        },
        series: [Object.assign(kit.line({
          label: 'Share of ' + kit.plural(0, chosen.noun).slice(2),
          color: kit.colors.blue,
          paths: uPlot.paths.bars({ size: [0.9, 60] }),
          points: { show: false },
          width: 0,
          format: kit.percent
        }), { fill: () => kit.color(kit.colors.blue) })],
        columns: [bins.shares.map((share, bin) => bin), bins.shares],
        options: {
          cursor: { drag: { x: false, y: false }, points: { show: false } },
          scales: { x: { time: false, range: [-0.5, count - 0.5] }, y: kit.fromZero },
          axes: [
            kit.axis({
              grid: { show: false },
              splits: () => {
                return marks.map(mark => bins.position(mark) - 0.5);
              },
              values: () => marks.map(kit.tick)
            }),
            kit.percentAxis()
          ]
        }
      };
    });
  }

  kit.latencyDistribution = data => {
    return histogramChart('tokens-icl', 'Latency distribution', data, [
      { key: 'icl', short: 'ICL', name: 'Inter-chunk latency', noun: 'gap' },
      { key: 'ttft', short: 'TTFT', name: 'Time to first token', noun: 'reply' },
      { key: 'tpot', short: 'TPOT', name: 'Time per output token', noun: 'reply' },
      { key: 'e2e', short: 'E2E', name: 'End-to-end latency', noun: 'reply' }
    ], { unit: 'ms', title: metric => metric.name + ' (ms)' });
  };

  kit.tokenDistribution = data => {
    return histogramChart('tokens-lengths', 'Tokens distribution', data, [
      { key: 'inputTokens', short: 'Input', name: 'Input tokens of a prompt', noun: 'reply' },
      { key: 'cachedTokens', short: 'Cached', name: 'Cached tokens of a prompt', noun: 'reply' },
      { key: 'outputTokens', short: 'Output', name: 'Output tokens of a reply', noun: 'reply' }
    ], { unit: 'tokens', title: metric => metric.name });
  };
})(Llm);
