/* Histograms of latencies and of tokens. */
(kit => {
  'use strict';

  /* Counts in bins of equal width, or of equal ratio if values span more than a factor of 8. */
  function histogram(curve) {
    const total = curve.counts.reduce((sum, count) => sum + count, 0);
    const quantile = share => {
      let seen = 0;
      return curve.values.find((_value, index) => {
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
      /* Spread the count over its bucket, which ends at the value, to avoid aliasing of buckets and bins. */
      const bottom = Math.max(low, value / 1.1, index === 0 ? 0 : curve.values[index - 1]);
      const from = Math.min(position(bottom), size);
      const to = Math.max(from + 1e-9, Math.min(position(value), size));
      for (let bin = Math.min(size - 1, Math.floor(from)); bin < to; bin++) {
        shares[bin] += share * (Math.min(to, bin + 1) - Math.max(from, bin)) / (to - from);
      }
    });
    const edge = bin => unscale(scale(low) + bin * step);
    return { total, outside, shares, logarithmic, low, high, edge, position };
  }

  function histogramChart(id, data, keys) {
    const present = keys.filter(key => data.curves[key] !== undefined);
    return kit.chartOfOne(id, present, key => data.figures[key].label, chosen => {
      const figure = data.figures[chosen];
      const noun = chosen === 'icl' ? 'gap' : 'response';
      const bins = histogram(data.curves[chosen]);
      const marks = kit.roundValues(bins.low, bins.high, bins.logarithmic);
      const count = bins.shares.length;
      const range = bin =>
        kit.figure(bins.edge(bin)) + ' to ' + kit.figure(bins.edge(bin + 1)) + ' ' + figure.unit;
      return {
        title: 'Distribution of ' + figure.label + (figure.unit === 'ms' ? ' (ms)' : ''),
        caption: kit.plural(bins.total, noun) + (bins.logarithmic ? ', on a logarithmic axis' : '')
          + (bins.outside < 0.05 ? '.' : '; ' + kit.percent(bins.outside) + ' are off the chart.'),
        x: {
          name: 'Up to (' + figure.unit + ')',
          format: range,
          value: bin => bins.edge(bin + 1)
        },
        series: [Object.assign(kit.line({
          label: 'Share of ' + kit.plural(0, noun).slice(2),
          color: kit.colors.blue,
          paths: uPlot.paths.bars({ size: [0.9, 60] }),
          points: { show: false },
          width: 0,
          format: kit.percent
        }), { fill: () => kit.color(kit.colors.blue) })],
        columns: [bins.shares.map((_share, bin) => bin), bins.shares],
        limits: kit.limitsOf(data, [chosen]),
        position: limit => bins.position(limit) - 0.5,
        options: {
          cursor: { points: { show: false } },
          scales: { x: { time: false, range: [-0.5, count - 0.5] }, y: kit.fromZero },
          axes: [
            kit.xAxis({
              splits: () => marks.map(mark => bins.position(mark) - 0.5),
              values: () => marks.map(kit.tick)
            }),
            kit.percentAxis()
          ]
        }
      };
    });
  }

  kit.latencyDistribution = data =>
    histogramChart('tokens-icl', data, ['icl', 'ttft', 'tpot', 'e2e']);

  kit.tokenDistribution = data =>
    histogramChart('tokens-lengths', data, ['inputTokens', 'cachedTokens', 'outputTokens']);
})(Llm);
