/* The charts of the Tokens tab, drawn by uPlot in the colours of Gatling's theme. */
(function (tab) {
  'use strict';

  const HEIGHT = 240;
  const FONT = '12px Arial, sans-serif';
  const BLUE = '--gatling-blue-color';
  const ORANGE = '--gatling-orange-color';
  const VIOLET = '--gatling-enterprise-color';
  const PERCENTILES = [
    { name: 'p50', color: BLUE },
    { name: 'p95', color: ORANGE },
    { name: 'p99', color: VIOLET, dash: [5, 4] }
  ];

  const plots = [];

  /* The theme's colour at this moment: a canvas cannot refer to a variable. */
  function color(variable, opacity) {
    const hex = getComputedStyle(document.documentElement).getPropertyValue(variable).trim();
    const long = hex.length === 4 ? hex.replace(/[^#]/g, '$&$&') : hex;
    return opacity === undefined ? long : long + opacity;
  }

  function axis(options) {
    return Object.assign({
      font: FONT,
      stroke: function () { return color('--gatling-text-color'); },
      grid: { width: 1, stroke: function () { return color('--gatling-border-color', '80'); } },
      ticks: { width: 1, size: 4, stroke: function () { return color('--gatling-border-color'); } },
      values: function (plot, splits) { return splits.map(tab.tick); },
      size: 34,
      gap: 6
    }, options);
  }

  function valueAxis(options) {
    return axis(Object.assign({
      size: function (plot, values) {
        const longest = (values || []).reduce(function (length, label) {
          return Math.max(length, label.length);
        }, 0);
        return 18 + 7 * Math.max(3, longest);
      }
    }, options));
  }

  function line(options) {
    return {
      label: options.label,
      variable: options.color,
      scale: options.scale || 'y',
      stroke: function () { return color(options.color); },
      fill: options.area ? function () { return color(options.color, '26'); } : undefined,
      paths: options.paths,
      dash: options.dash,
      width: 2,
      spanGaps: true,
      points: options.points || { size: 5 },
      value: function (plot, value) {
        return value == null ? '–' : options.format(value);
      }
    };
  }

  function percentileLines(points) {
    return PERCENTILES.map(function (percentile) {
      return line({
        label: percentile.name,
        color: percentile.color,
        dash: percentile.dash,
        points: points,
        format: function (value) { return tab.figure(value) + ' ms'; }
      });
    });
  }

  const fromZero = {
    range: function (plot, min, max) {
      return max == null || max <= 0 ? [0, 1] : [0, uPlot.rangeNum(0, max, 0.1, true)[1]];
    }
  };

  /* As far up as the measured seconds need: a slow start in the warm-up may leave the chart. */
  const fromZeroOverTime = {
    range: function (plot, min, max, scale) {
      const shown = plot.scales.x;
      const inView = function (second) {
        return second >= 0 && (shown.min == null || (second >= shown.min && second <= shown.max));
      };
      const values = plot.series.flatMap(function (series, index) {
        return index > 0 && series.scale === scale && series.show
          ? plot.data[index].filter(function (value, at) { return inView(plot.data[0][at]); })
          : [];
      });
      const top = values.reduce(function (top, value) { return Math.max(top, value); }, 0);
      return fromZero.range(plot, min, top > 0 ? top : max);
    }
  };

  /* A box of Gatling's with a heading, a line of explanation and room for a plot. */
  function box(options) {
    const plot = tab.element('div', { class: 'llm-plot', role: 'img', 'aria-label': options.title });
    const schema = tab.element('div', { class: 'schema llm-chart', id: options.id }, [
      tab.element('h2', { class: 'chart_title' }, [options.title]),
      tab.element('p', { class: 'llm-caption' }, [options.caption]),
      plot
    ]);
    return { schema: schema, plot: plot };
  }

  /* The legend toggles lines by mouse in uPlot; here by keyboard too. */
  function legendByKeyboard(plot) {
    plot.root.querySelectorAll('.u-series:not(:first-child) th').forEach(function (entry) {
      entry.tabIndex = 0;
      entry.setAttribute('role', 'button');
      entry.addEventListener('keydown', function (event) {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          entry.click();
        }
      });
    });
  }

  function draw(place, options, columns) {
    const variable = function (plot, index) { return 'var(' + plot.series[index].variable + ')'; };
    const plot = new uPlot(Object.assign({
      width: place.clientWidth,
      height: HEIGHT,
      legend: { markers: { width: 2, stroke: variable, fill: variable } }
    }, options, {
      cursor: Object.assign({
        y: false,
        points: { size: 8, stroke: variable, fill: variable }
      }, options.cursor)
    }), columns, place);
    legendByKeyboard(plot);
    new ResizeObserver(function () {
      if (place.clientWidth > 0 && place.clientWidth !== plot.width) {
        plot.setSize({ width: place.clientWidth, height: HEIGHT });
      }
    }).observe(place);
    plots.push(plot);
  }

  tab.redrawCharts = function () {
    plots.forEach(function (plot) { plot.redraw(false, true); });
  };

  function ttftByTurn(data) {
    const turns = Object.keys(data.byTurn).map(Number).sort(function (a, b) { return a - b; });
    if (turns.length === 0) {
      return null;
    }
    const frame = box({
      id: 'tokens-ttft-by-turn',
      title: 'TTFT by turn (ms)',
      caption: 'Turn 1 meets a cold cache; later turns can reuse what earlier ones sent.'
    });
    const percentile = function (name) {
      return turns.map(function (turn) {
        const ttft = data.byTurn[turn].metrics.ttft;
        return ttft === null ? null : ttft[name];
      });
    };
    frame.draw = function () {
      draw(frame.plot, {
        cursor: { drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: [turns[0] - 0.5, turns[turns.length - 1] + 0.5] },
          y: fromZero
        },
        axes: [axis({ incrs: [1, 2, 5, 10, 20, 50, 100], space: 25, grid: { show: false } }), valueAxis()],
        series: [
          { value: function (plot, turn) { return turn == null ? '' : 'Turn ' + turn; } }
        ].concat(percentileLines({ show: true, size: 7 }))
      }, [turns, percentile('p50'), percentile('p95'), percentile('p99')]);
    };
    return frame;
  }

  /* What lies outside the measured window: the warm-up before it, the load's end after it. */
  function outside(measuredSeconds) {
    return function (plot) {
      const x = plot.scales.x;
      shade(plot, x.min, Math.min(0, x.max));
      shade(plot, Math.max(measuredSeconds, x.min), x.max);
    };
  }

  function shade(plot, from, to) {
    if (from >= to) {
      return;
    }
    const canvas = plot.ctx;
    const left = plot.valToPos(from, 'x', true);
    const right = plot.valToPos(to, 'x', true);
    canvas.save();
    canvas.fillStyle = color('--gatling-gray-medium-color', '40');
    canvas.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
    canvas.restore();
  }

  function overTime(frame, data, axes, series, columns) {
    const timeline = data.timeline;
    frame.draw = function () {
      draw(frame.plot, {
        cursor: { sync: { key: 'llm-time', setSeries: false, scales: ['x', null] } },
        scales: { x: { time: false }, y: fromZeroOverTime, streams: fromZeroOverTime },
        axes: [
          axis({
            incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200],
            space: 55,
            grid: { show: false },
            values: function (plot, splits) { return splits.map(tab.seconds); }
          })
        ].concat(axes),
        hooks: { drawClear: [outside(data.run.durationSeconds)] },
        series: [
          {
            value: function (plot, second) { return second == null ? '' : tab.seconds(second); }
          }
        ].concat(series)
      }, [timeline.second].concat(columns));
    };
    return frame;
  }

  function timeCaption(data, words) {
    const seconds = data.timeline.second;
    const all = seconds[0] >= 0 && seconds[seconds.length - 1] <= data.run.durationSeconds;
    const shaded = all ? '' : ' Shaded: outside the measured window.';
    return words + shaded + ' Drag to zoom, double-click to reset.';
  }

  function ttftOverTime(data) {
    const timeline = data.timeline;
    if (!timeline.ttftP50.some(function (value) { return value !== null; })) {
      return null;
    }
    const frame = box({
      id: 'tokens-ttft-over-time',
      title: 'TTFT over time (ms)',
      caption: timeCaption(data, 'By arrival of the first token.')
    });
    return overTime(frame, data, [valueAxis()], percentileLines(),
      [timeline.ttftP50, timeline.ttftP95, timeline.ttftP99]);
  }

  function tokensOverTime(data) {
    const timeline = data.timeline;
    if (timeline.second.length === 0) {
      return null;
    }
    const frame = box({
      id: 'tokens-per-second',
      title: 'Output tokens per second, and active streams',
      caption: timeCaption(data, 'By arrival; streams on the right axis.')
    });
    const axes = [
      valueAxis(),
      valueAxis({ scale: 'streams', side: 1, grid: { show: false } })
    ];
    const series = [
      line({ label: 'Tokens/s', color: BLUE, area: true, format: tab.figure }),
      line({ label: 'Streams', color: ORANGE, scale: 'streams', format: tab.figure })
    ];
    return overTime(frame, data, axes, series, [timeline.outputTokens, timeline.activeStreams]);
  }

  /* Counts in bins of equal width, or of equal ratio where values span more than a factor of 8. */
  function histogram(curve) {
    const total = curve.counts.reduce(function (sum, count) { return sum + count; }, 0);
    const quantile = function (share) {
      let seen = 0;
      return curve.values.find(function (value, index) {
        seen += curve.counts[index];
        return seen >= share * total;
      });
    };
    const high = quantile(0.999);
    const low = Math.max(quantile(0.001), high / 1e5);
    const logarithmic = high / low > 8;
    const scale = logarithmic ? Math.log : function (value) { return value; };
    const unscale = logarithmic ? Math.exp : function (value) { return value; };
    const size = Math.min(48, Math.max(8, Math.floor(curve.values.length / 3)));
    const step = (scale(high) - scale(low)) / size || 1;
    const position = function (value) { return (scale(value) - scale(low)) / step; };
    const shares = new Array(size).fill(0);
    let outside = 0;
    curve.values.forEach(function (value, index) {
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
      edge: function (bin) { return unscale(scale(low) + bin * step); },
      position: position
    };
  }

  /* Round values that lie within a histogram. */
  function roundValues(bins) {
    if (!bins.logarithmic) {
      const rough = (bins.high - bins.low) / 6 || 1;
      const power = Math.pow(10, Math.floor(Math.log10(rough)));
      const step = [1, 2, 5, 10].map(function (factor) { return factor * power; })
        .find(function (candidate) { return candidate >= rough; });
      const values = [];
      for (let n = Math.ceil(bins.low / step); n * step <= bins.high; n++) {
        values.push(Number((n * step).toPrecision(12)));
      }
      return values;
    }
    const values = [];
    const factors = bins.high / bins.low > 300 ? [1] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(bins.low)); power <= Math.log10(bins.high); power++) {
      factors.forEach(function (factor) {
        values.push(Number((factor * Math.pow(10, power)).toPrecision(12)));
      });
    }
    return values.filter(function (value) { return value >= bins.low && value <= bins.high; });
  }

  function iclDistribution(data) {
    if (data.iclCurve === null || data.iclCurve.values.length === 0) {
      return null;
    }
    const bins = histogram(data.iclCurve);
    const marks = roundValues(bins);
    const frame = box({
      id: 'tokens-icl',
      title: 'Inter-chunk latency (ms)',
      caption: tab.plural(bins.total, 'gap') + ' between chunks of output'
        + (bins.logarithmic ? ', on a logarithmic axis' : '') + '; '
        + tab.percent(bins.outside) + ' lie outside of what is drawn.'
    });
    const count = bins.shares.length;
    frame.draw = function () {
      draw(frame.plot, {
        cursor: { drag: { x: false, y: false }, points: { show: false } },
        scales: { x: { time: false, range: [-0.5, count - 0.5] }, y: fromZero },
        axes: [
          axis({
            grid: { show: false },
            splits: function () {
              return marks.map(function (mark) { return bins.position(mark) - 0.5; });
            },
            values: function () { return marks.map(tab.tick); }
          }),
          valueAxis({
            values: function (plot, splits) {
              return splits.map(function (share) { return tab.tick(share) + ' %'; });
            }
          })
        ],
        series: [
          {
            value: function (plot, bin) {
              return bin == null
                ? ''
                : tab.figure(bins.edge(bin)) + ' to ' + tab.figure(bins.edge(bin + 1)) + ' ms';
            }
          },
          Object.assign(line({
            label: 'Share of gaps',
            color: BLUE,
            paths: uPlot.paths.bars({ size: [0.9, 60] }),
            points: { show: false },
            format: tab.percent
          }), { width: 0, fill: function () { return color(BLUE); } })
        ]
      }, [bins.shares.map(function (share, bin) { return bin; }), bins.shares]);
    };
    return frame;
  }

  /* Every chart that the page's data can fill, each with its box and a way to draw it. */
  tab.charts = function (data) {
    return [ttftByTurn, ttftOverTime, tokensOverTime, iclDistribution]
      .map(function (chart) { return chart(data); })
      .filter(function (frame) { return frame !== null; });
  };
})(LlmTokens);
