/* Charts over time, which share a cursor and a zoom. */
(kit => {
  'use strict';

  const zoomed = () => kit.allCharts.filter(frame => frame.reset);
  let zoom = null;
  let spreading = false;

  /* The range that the measured seconds need; a slow start in the warm-up may be cut off. */
  const fromZeroOverTime = {
    range: (plot, min, max, scale) => {
      const shown = plot.scales.x;
      const inView = second =>
        second >= 0 && (shown.min == null || (second >= shown.min && second <= shown.max));
      const values = plot.series.flatMap((series, index) =>
        index > 0 && series.scale === scale && series.show
          ? plot.data[index].filter((_value, at) => inView(plot.data[0][at]))
          : []);
      const top = values.reduce((top, value) => Math.max(top, value), 0);
      return kit.fromZero.range(plot, min, top > 0 ? top : max);
    }
  };

  /* One second alone would get an axis of minutes. */
  const wholeSeconds = {
    time: false,
    range: ({ data: [seconds] }, min, max) => seconds.length > 1 ? [min, max] : [seconds[0], seconds[0] + 1]
  };

  function shade(plot, from, to) {
    const left = plot.valToPos(from, 'x', true);
    const width = Math.max(0, plot.valToPos(to, 'x', true) - left);
    plot.ctx.save();
    plot.ctx.fillStyle = kit.color(kit.colors.gray, '40');
    plot.ctx.fillRect(left, plot.bbox.top, width, plot.bbox.height);
    plot.ctx.restore();
  }

  /* Shades the warm-up and the drain, outside the measured window. */
  function outside(measuredSeconds) {
    return plot => {
      const x = plot.scales.x;
      shade(plot, x.min, Math.min(0, x.max));
      shade(plot, Math.max(measuredSeconds, x.min), x.max);
    };
  }

  /* Applies the zoom of one chart to all. */
  function spread(plot, scale) {
    if (scale !== 'x' || plot.status !== 1 || spreading) {
      return;
    }
    const seconds = plot.data[0];
    const x = plot.scales.x;
    const whole = x.min <= seconds[0] && x.max >= seconds[seconds.length - 1];
    zoom = whole ? null : { min: x.min, max: x.max };
    spreading = true;
    zoomed().forEach(frame => {
      if (frame.plot && frame.plot !== plot) {
        frame.plot.setScale('x', { min: x.min, max: x.max });
      }
      frame.reset.hidden = whole;
    });
    spreading = false;
  }

  function unzoom() {
    const plot = zoomed()[0].plot;
    plot.setScale('x', { min: plot.data[0][0], max: plot.data[0][plot.data[0].length - 1] });
  }

  function caption(data, words) {
    const seconds = data.timeline.second;
    const all = seconds[0] >= 0 && seconds[seconds.length - 1] < data.run.durationSeconds;
    const step = seconds.length > 1 ? seconds[1] - seconds[0] : 1;
    const wide = step > 1 ? ' A step is ' + kit.seconds(step) + '.' : '';
    return words + wide + (all ? '' : ' Shaded: not measured.');
  }

  /* Whether nothing was given between two steps for more than chance: a tenth of the chart, and more than one step. */
  const isApart = (plot, one, other) => {
    const [{ min, max }, seconds] = [plot.scales.x, plot.data[0]];
    return seconds[other] - seconds[one] > Math.max((max - min) / 10, (seconds[1] - seconds[0]) * 2.5);
  };

  const given = values => [...values.keys()].filter(at => values[at] != null);

  /* A line ends where a server gave nothing for long. */
  const longGaps = (plot, series) => {
    const steps = given(plot.data[series]);
    const x = step => Math.round(plot.valToPos(plot.data[0][step], 'x', true));
    return steps.slice(1).map((step, n) => [steps[n], step])
      .filter(([from, to]) => isApart(plot, from, to)).map(([from, to]) => [x(from), x(to)]);
  };

  /* A value alone between two such gaps has no line, so it is drawn as a point. */
  const alone = (plot, series, allShown) => {
    const steps = given(plot.data[series]);
    return allShown ? null : steps.filter((step, n) =>
      (n === 0 || isApart(plot, steps[n - 1], step)) && (n === steps.length - 1 || isApart(plot, step, steps[n + 1])));
  };

  const withGaps = series => ({
    ...series, spanGaps: false, gaps: longGaps,
    points: series.points.show === false ? series.points : { ...series.points, filter: alone }
  });

  kit.overTime = data => (id, choices, make) => {
    if (data.timeline.second.length === 0) {
      return null;
    }
    const frame = kit.chart(id, choices, () => {
      const chart = make();
      return {
        title: chart.title,
        file: chart.file,
        caption: caption(data, chart.caption),
        hint: 'Drag to zoom.',
        end: data.run.durationSeconds,
        x: { name: 'Second', format: kit.seconds },
        series: chart.series.map(withGaps),
        columns: [data.timeline.second].concat(chart.columns),
        counts: chart.counts,
        values: chart.values,
        limits: chart.limits,
        drawn: plot => zoom === null || plot.setScale('x', zoom),
        options: {
          bands: chart.bands,
          cursor: {
            drag: { x: true, y: false },
            sync: {
              key: 'llm-time',
              setSeries: false,
              scales: ['x', null],
              filters: { pub: type => type === 'mousemove' || type === 'mouseleave' }
            }
          },
          scales: Object.assign({ x: wholeSeconds, y: fromZeroOverTime }, chart.scales),
          axes: [
            kit.axis({
              incrs: [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 43200, 86400],
              space: 60,
              grid: { show: false },
              values: (_plot, splits) => splits.map(kit.seconds)
            })
          ].concat(chart.axes),
          hooks: { drawClear: [outside(data.run.durationSeconds)].concat(chart.paint || []), setScale: [spread] }
        }
      };
    });
    frame.reset = kit.element('button', { class: 'llm-button', type: 'button', hidden: '' }, ['Reset zoom']);
    frame.reset.addEventListener('click', unzoom);
    frame.schema.querySelector('.llm-tools').prepend(frame.reset);
    return frame;
  };

  function known(column) {
    return column.some(value => value !== null);
  }

  kit.latencyOverTime = data => {
    const metrics = Object.keys(data.figures)
      .filter(key => data.figures[key].unit === 'ms' && data.timeline[key] && known(data.timeline[key].p50))
      .map(key => Object.assign({ key: key }, data.figures[key]));
    return kit.chartOfOne('tokens-ttft-over-time', metrics, metric => metric.label, chosen => {
      const steps = data.timeline[chosen.key];
      const lines = kit.percentileLines(chosen.label, steps.count, key => steps[key], 'steps');
      return {
        title: chosen.label + ' over time (ms)',
        caption: chosen.key === 'ttft' ? 'By arrival of the first token.' : 'By the end of the response.',
        axes: [kit.valueAxis()],
        limits: kit.limitsOf(data, [chosen.key]),
        series: lines.series,
        columns: lines.columns,
        counts: [{ name: 'Responses', values: steps.count }],
        bands: kit.percentileBand()
      };
    }, kit.overTime(data));
  };

  kit.tokensOverTime = data => kit.overTime(data)('tokens-per-second', [], () => ({
    title: 'Output tokens/s, active streams',
    caption: 'By arrival; streams on the right axis.',
    scales: { streams: fromZeroOverTime },
    axes: [kit.valueAxis(), kit.valueAxis({ scale: 'streams', side: 1, grid: { show: false } })],
    series: [
      kit.line({ label: 'Tokens/s', color: kit.colors.blue, area: true, format: kit.figure }),
      kit.line({ label: 'Streams', color: kit.colors.orange, dash: [5, 4], scale: 'streams', format: kit.figure })
    ],
    columns: [data.timeline.outputTokens, data.timeline.activeStreams]
  }));

  kit.responsesOverTime = data => kit.overTime(data)('tokens-responses', [], () => ({
    title: 'Responses/s',
    caption: 'By the end of the response.',
    axes: [kit.valueAxis()],
    series: [
      kit.line({ label: 'OK', color: kit.colors.blue, format: kit.figure }),
      kit.line({ label: 'KO', color: kit.colors.orange, dash: [5, 4], area: true, format: kit.figure })
    ],
    columns: [data.timeline.ok, data.timeline.ko]
  }));

  kit.cacheOverTime = data => {
    const timeline = data.timeline;
    if (!known(timeline.cacheHit) && !known(timeline.reusable)) {
      return null;
    }
    return kit.overTime(data)('tokens-cache-over-time', [], () => ({
      title: 'Prompt cache over time (%)',
      caption: 'Share of input tokens, by the end of the response.',
      scales: { y: kit.percentScale },
      axes: [kit.percentAxis()],
      ...kit.cacheLines(timeline.cacheHit, timeline.cacheHitUpper, timeline.reusable)
    }));
  };
})(Llm);
