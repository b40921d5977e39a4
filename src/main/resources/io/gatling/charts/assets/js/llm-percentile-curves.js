/* How far the tail of latencies goes: percentiles, of which the last thousandth has as much room as
   the first nine tenths. */
(function (tab) {
  'use strict';

  const CURVES = [
    { key: 'ttft', name: 'TTFT', color: tab.colors.blue },
    { key: 'icl', name: 'ICL', color: tab.colors.green },
    { key: 'itl', name: 'ITL', color: tab.colors.amber, initially: false },
    { key: 'tpot', name: 'TPOT', color: tab.colors.orange },
    { key: 'e2e', name: 'E2E', color: tab.colors.violet }
  ];

  /* Where every chunk is one token, ITL is ICL, and one line says both. */
  function curvesOf(data) {
    const same = oneTokenEach(data);
    return CURVES.filter(function (curve) {
      return data.percentiles[curve.key] !== undefined && !(curve.key === 'itl' && same);
    });
  }

  function oneTokenEach(data) {
    return data.metrics.itl !== null && data.metrics.itl.count === data.metrics.icl.count;
  }

  const NINES = [0, 90, 99, 99.9, 99.99, 99.999, 99.9999, 99.99999];

  function beyond(percentile) {
    return -Math.log10(1 - percentile / 100);
  }

  tab.percentileCurves = function (data) {
    const curves = curvesOf(data);
    if (curves.length === 0) {
      return null;
    }
    return tab.chart('tokens-percentiles', 'Percentiles', [], function () {
      const columns = uPlot.join(curves.map(function (curve) {
        const points = data.percentiles[curve.key];
        return [
          points.percentiles.map(beyond),
          points.values.map(function (value) { return value > 0 ? value : null; })
        ];
      })).map(function (column) {
        return column.map(function (value) { return value === undefined ? null : value; });
      });
      const percentile = function (position) { return 100 - 100 * Math.pow(10, -position); };
      return {
        title: 'Latency by percentile (ms)',
        caption: 'Both axes are logarithmic: the last tenth, hundredth and thousandth of the samples'
          + ' have as much room as the rest.' + (oneTokenEach(data)
          ? ' Every chunk was one token, so that ICL is ITL.' : ''),
        x: {
          name: 'Percentile',
          format: function (position) { return 'p' + tab.tick(percentile(position)); },
          value: percentile
        },
        series: curves.map(function (curve) {
          return tab.line({
            label: curve.name,
            color: curve.color,
            initially: curve.initially,
            points: { show: false },
            format: tab.figure
          });
        }),
        columns: columns,
        options: {
          cursor: { drag: { x: false, y: false } },
          padding: [null, 28, null, null],
          scales: { x: { time: false }, y: { distr: 3 } },
          axes: [
            tab.axis({
              splits: function (plot) {
                return NINES.map(beyond).filter(function (position) {
                  return position <= plot.scales.x.max;
                });
              },
              values: function (plot, splits) {
                const room = plot.width / splits.length;
                const every = Math.ceil(70 / room);
                return splits.map(function (position, index) {
                  return index % every === 0 ? tab.tick(NINES[index]) + ' %' : '';
                });
              }
            }),
            tab.valueAxis({
              splits: function (plot) {
                return tab.roundValues(plot.scales.y.min, plot.scales.y.max, true);
              }
            })
          ]
        }
      };
    });
  };
})(LlmTokens);
