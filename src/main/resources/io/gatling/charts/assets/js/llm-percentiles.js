/* The percentile lines of a chart, as far as there are enough samples, and the chart of latency
   percentiles, with a logarithmic axis for the tail. */
(kit => {
  'use strict';

  const PERCENTILES = [
    { key: 'p50', label: 'p50', needs: 1, color: kit.colors.blue },
    { key: 'p75', label: 'p75', needs: 4, color: kit.colors.green, dash: [2, 3] },
    { key: 'p90', label: 'p90', needs: 10, color: kit.colors.amber, dash: [5, 4] },
    { key: 'p95', label: 'p95', needs: 20, color: kit.colors.orange, dash: [8, 4] },
    { key: 'p99', label: 'p99', needs: 100, color: kit.colors.violet, dash: [5, 4] },
    { key: 'p999', label: 'p99.9', needs: 1000, color: kit.colors.red, dash: [2, 3] },
    { key: 'max', label: 'max', needs: 1, color: kit.colors.gray, dash: [2, 3] }
  ];

  /* The number of responses from which on at least one lies beyond the percentile. */
  kit.needsResponses = key => PERCENTILES.find(percentile => percentile.key === key).needs;

  /*
   * Lines for every percentile of a metric, given its label, a column of counts and one for each percentile, and the columns
   * without points of too few responses. A line is available if at least half of its points are. p50,
   * p95 and p99, or the nearest to them, are shown at first.
   */
  kit.percentileLines = (metric, counts, columnOf, places) => {
    const filled = counts.filter(count => count > 0);
    const can = percentile => {
      const enough = filled.filter(count => count >= percentile.needs);
      return enough.length > 0 && 2 * enough.length >= filled.length;
    };
    const has = key => can(PERCENTILES.find(percentile => percentile.key === key));
    const initial = ['p50', has('p95') ? 'p95' : 'p90', has('p99') ? 'p99' : 'max'];
    return {
      series: PERCENTILES.map(percentile => kit.line({
        label: percentile.label,
        csv: metric + ' ' + percentile.label + ' (ms)',
        color: percentile.color,
        dash: percentile.dash,
        initially: initial.includes(percentile.key),
        available: can(percentile),
        why: 'Most ' + places + ' have fewer than '
          + kit.whole(percentile.needs) + ' responses',
        format: kit.figure
      })),
      columns: PERCENTILES.map(percentile =>
        columnOf(percentile.key).map((value, index) =>
          counts[index] >= percentile.needs ? value : null))
    };
  };

  /* The band between p50 and p95, the first and the fourth line. */
  kit.percentileBand = () => [{ series: [4, 1], fill: () => kit.color(kit.colors.blue, '1f') }];

  const LOOKS = {
    ttft: { color: kit.colors.blue },
    icl: { color: kit.colors.green, dash: [2, 3] },
    itl: { color: kit.colors.amber, dash: [2, 3] },
    tpot: { color: kit.colors.orange, dash: [8, 4] },
    e2e: { color: kit.colors.violet, dash: [5, 4] }
  };

  /* If every chunk is one token, ITL equals ICL, and one line is enough. */
  function curvesOf(data) {
    return Object.keys(data.figures)
      .filter(key => data.percentiles[key] !== undefined && !(key === 'itl' && oneTokenEach(data)));
  }

  function oneTokenEach(data) {
    return data.metrics.itl && data.metrics.itl.count === data.metrics.icl.count;
  }

  const NINES = [0, 90, 99, 99.9, 99.99, 99.999, 99.9999, 99.99999];

  function beyond(percentile) {
    return -Math.log10(1 - percentile / 100);
  }

  kit.percentileCurves = data => {
    const curves = curvesOf(data);
    if (curves.length === 0) {
      return null;
    }
    return kit.chart('tokens-percentiles', [], () => {
      const columns = kit.join(curves.map(curve => {
        const points = data.percentiles[curve];
        return [
          points.percentiles.map(beyond),
          /* the lowest hundredth, such as chunks that were read together, would stretch the axis */
          points.values.map((value, index) => value > 0 && points.percentiles[index] >= 1 ? value : null)
        ];
      }));
      const percentile = position => 100 - 100 * 10 ** -position;
      return {
        title: 'Latency by percentile (ms)',
        caption: 'Both axes are logarithmic.' + (oneTokenEach(data)
          ? ' Every chunk was one token, so that ICL is ITL.' : ''),
        x: {
          name: 'Percentile',
          format: position => 'p' + kit.tick(percentile(position)),
          value: percentile
        },
        series: curves.map(curve => kit.line({
          label: data.figures[curve].label,
          ...LOOKS[curve],
          initially: curve !== 'itl',
          points: { show: false },
          format: kit.figure
        })),
        columns: columns,
        limits: kit.limitsOf(data, curves),
        options: {
          padding: [null, 28, null, null],
          scales: { x: { time: false }, y: { distr: 3 } },
          axes: [
            kit.axis({
              splits: plot => NINES.map(beyond).filter(position => position <= plot.scales.x.max),
              values: (plot, splits) => {
                const room = plot.width / splits.length;
                const every = Math.ceil(70 / room);
                return splits.map((_position, index) =>
                  index % every === 0 ? kit.tick(NINES[index]) + ' %' : '');
              }
            }),
            kit.logAxis()
          ]
        }
      };
    });
  };
})(Llm);
