/* The chart of latency percentiles, with a logarithmic axis for the tail. */
(function (kit) {
  'use strict';

  const COLORS = { ttft: 'blue', icl: 'green', itl: 'amber', tpot: 'orange', e2e: 'violet' };

  /* If every chunk is one token, ITL equals ICL, and one line is enough. */
  function curvesOf(data) {
    return Object.keys(data.figures)
      .filter(key => data.percentiles[key] !== undefined && !(key === 'itl' && oneTokenEach(data)));
  }

  function oneTokenEach(data) {
    return data.metrics.itl !== null && data.metrics.itl.count === data.metrics.icl.count;
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
    return kit.chart('tokens-percentiles', 'Percentiles', [], () => {
      const columns = uPlot.join(curves.map(curve => {
        const points = data.percentiles[curve];
        return [
          points.percentiles.map(beyond),
          points.values.map(value => value > 0 ? value : null)
        ];
      })).map(column => column.map(value => value === undefined ? null : value));
      const percentile = position => 100 - 100 * Math.pow(10, -position);
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
          color: kit.colors[COLORS[curve]],
          initially: curve !== 'itl',
          points: { show: false },
          format: kit.figure
        })),
        columns: columns,
        options: {
          cursor: { drag: { x: false, y: false } },
          padding: [null, 28, null, null],
          scales: { x: { time: false }, y: { distr: 3 } },
          axes: [
            kit.axis({
              splits: plot => NINES.map(beyond).filter(position => position <= plot.scales.x.max),
              values: (plot, splits) => {
                const room = plot.width / splits.length;
                const every = Math.ceil(70 / room);
                return splits.map((position, index) =>
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
