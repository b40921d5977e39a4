/* Charts that say why: every latency over time, failures by kind, and latency by load and by the
   tokens that the server had to compute. */
(kit => {
  'use strict';

  /* Fills the cells of a heatmap; the more responses, the darker. */
  function cells(data, heat) {
    const seconds = data.timeline.second;
    const step = seconds.length > 1 ? seconds[1] - seconds[0] : 1;
    const most = Math.max(...heat.counts);
    const edge = row => heat.low * (heat.high / heat.low) ** (row / heat.rows);
    return plot => {
      const { ctx } = plot;
      const from = plot.scales.x.min;
      const to = plot.scales.x.max;
      ctx.save();
      ctx.beginPath();
      ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
      ctx.clip();
      ctx.fillStyle = kit.color(kit.colors.blue);
      heat.cells.forEach((cell, index) => {
        const row = cell % heat.rows;
        const second = seconds[(cell - row) / heat.rows * heat.stepsOfColumn];
        const end = second + heat.stepsOfColumn * step;
        if (end >= from && second <= to) {
          const left = plot.valToPos(second, 'x', true);
          const top = plot.valToPos(edge(row + 1), 'y', true);
          ctx.globalAlpha = 0.2 + 0.8 * Math.sqrt(heat.counts[index] / most);
          ctx.fillRect(left, top, Math.max(1, plot.valToPos(end, 'x', true) - left - 1),
            Math.max(1, plot.valToPos(edge(row), 'y', true) - top - 1));
        }
      });
      ctx.restore();
    };
  }

  kit.latencyHeat = data => {
    const metrics = Object.keys(data.heat);
    const label = key => data.figures[key].label;
    return kit.chartOfOne('tokens-every-response', metrics, label, metric => {
      const heat = data.heat[metric];
      const steps = data.timeline[metric];
      const lines = kit.percentileLines(label(metric), steps.count, key => steps[key], 'steps');
      return {
        title: label(metric) + ' of every response over time (ms)',
        caption: 'The darker, the more responses of this latency.',
        scales: { y: { distr: 3, range: () => [heat.low / 1.05, heat.high * 1.05] } },
        axes: [kit.logAxis()],
        limits: kit.limitsOf(data, [metric]),
        series: lines.series.map(line => ({ ...line, initially: false })),
        columns: lines.columns,
        counts: [{ name: 'Responses', values: steps.count }],
        paint: cells(data, heat)
      };
    }, kit.overTime(data));
  };

  const KINDS = ['orange', 'blue', 'amber', 'violet', 'green', 'red', 'gray', 'blue'];

  /* Bars on top of each other: a column holds its own height and those of the kinds below. */
  kit.failuresOverTime = data => {
    const kinds = Object.keys(data.timeline.failures);
    if (kinds.length === 0) {
      return null;
    }
    const counts = kinds.map(kind => data.timeline.failures[kind]);
    const stacked = counts.map((_own, index) => counts[0].map((_value, at) =>
      counts.slice(index).reduce((sum, column) => sum + column[at], 0)));
    const bars = uPlot.paths.bars({ size: [1, Infinity], align: 1 });
    return kit.overTime(data)('tokens-failures-over-time', [], () => ({
      title: 'Failures by kind over time',
      caption: 'Responses that failed in each step, on top of each other.',
      axes: [kit.valueAxis()],
      series: kinds.map((kind, index) => kit.line({
        label: kind,
        color: kit.colors[KINDS[index]],
        width: 0,
        paths: bars,
        points: { show: false },
        fill: () => kit.color(kit.colors[KINDS[index]]),
        format: (value, at) => kit.whole(at === undefined ? value : counts[index][at])
      })),
      columns: stacked,
      values: counts
    }));
  };

  /* Means over measured steps with about as many active streams. */
  function byLoad(data) {
    const timeline = data.timeline;
    const steps = [...timeline.second.keys()]
      .filter(at => timeline.second[at] >= 0 && timeline.second[at] < data.run.durationSeconds - 1
        && timeline.activeStreams[at] > 0);
    const streams = steps.map(at => timeline.activeStreams[at]);
    const low = Math.min(...streams);
    const width = Math.max(1, (Math.max(...streams) - low) / 24);
    const bins = new Map();
    steps.forEach((at, index) => {
      const bin = Math.floor((streams[index] - low) / width);
      bins.set(bin, (bins.get(bin) || []).concat(at));
    });
    const mean = (ats, column, weights) => {
      const known = ats.filter(at => column[at] !== null);
      const weight = at => weights === undefined ? 1 : weights[at];
      const sum = known.reduce((total, at) => total + weight(at), 0);
      return sum === 0 ? null : known.reduce((total, at) => total + weight(at) * column[at], 0) / sum;
    };
    return [...bins.entries()].sort((one, other) => one[0] - other[0]).map(([, ats]) => ({
      streams: mean(ats, timeline.activeStreams),
      tokens: mean(ats, timeline.outputTokens),
      ttft: timeline.ttft === undefined ? null : mean(ats, timeline.ttft.p50, timeline.ttft.count),
      seconds: ats.length
    }));
  }

  /* Shown only if the load varied: then it shows where more streams bring no more tokens. */
  kit.latencyByLoad = data => {
    const bins = byLoad(data);
    if (bins.length < 4 || bins.every(bin => bin.ttft === null)) {
      return null;
    }
    const points = { show: true, size: 6 };
    return kit.chart('tokens-by-load', [], () => ({
      title: 'TTFT and output by active streams',
      caption: 'Means over steps with about as many streams; tokens/s on the right axis. Where more streams'
        + ' bring no more tokens, the server is saturated.',
      x: { name: 'Active streams', format: streams => kit.figure(streams) + ' streams' },
      series: [
        kit.line({ label: 'TTFT p50 (ms)', color: kit.colors.orange, dash: [5, 4], points: points, format: kit.figure }),
        kit.line({ label: 'Tokens/s', color: kit.colors.blue, scale: 'tokens', points: points, format: kit.figure })
      ],
      columns: ['streams', 'ttft', 'tokens'].map(key => bins.map(bin => bin[key])),
      counts: [{ name: 'Steps', values: bins.map(bin => bin.seconds) }],
      options: {
        scales: { x: { time: false }, y: kit.fromZero, tokens: kit.fromZero },
        axes: [kit.xAxis(), kit.valueAxis(), kit.valueAxis({ scale: 'tokens', side: 1, grid: { show: false } })]
      }
    }));
  };

  function prefillWords(line, reasons) {
    if (line === undefined) {
      return 'The line is fitted to all responses of the run only.';
    }
    if (line === null) {
      return 'Too few responses for a line.';
    }
    if (line.slopeLow <= 0) {
      return 'TTFT does not depend visibly on the tokens that were not cached: most of it is waiting or fixed cost.';
    }
    const rate = slope => kit.whole(1000 / slope);
    return 'Line by least squares: ' + rate(line.slope) + ' uncached tokens/s (95 % interval ' + rate(line.slopeHigh)
      + ' to ' + rate(line.slopeLow) + '), and ' + kit.figure(line.intercept)
      + ' ms that do not depend on them: queue, network, first step'
      + (reasons ? ', and reasoning, if the server does not send it.' : '.');
  }

  kit.ttftByUncached = data => {
    const { uncachedTokens, count, p50, p95, line } = data.ttftByUncached;
    if (uncachedTokens.length < 3) {
      return null;
    }
    return kit.chart('tokens-ttft-by-uncached', [], () => ({
      title: 'TTFT by uncached input tokens (ms)',
      caption: prefillWords(line, data.totals.reasoningTokens > 0),
      limits: kit.limitsOf(data, ['ttft']),
      x: { name: 'Uncached input tokens', format: tokens => kit.whole(tokens) + ' tokens' },
      series: [
        kit.line({ label: 'p50', color: kit.colors.blue, points: { show: true, size: 6 }, format: kit.figure }),
        kit.line({ label: 'p95', color: kit.colors.orange, width: 1, dash: [5, 4], points: { size: 4 }, format: kit.figure }),
        kit.line({ label: 'Fitted line', color: kit.colors.gray, dash: [2, 3], points: { show: false },
          available: Boolean(line), why: 'There is no line', format: kit.figure })
      ],
      columns: [
        uncachedTokens,
        p50,
        p95.map((value, at) => count[at] >= kit.needsResponses('p95') ? value : null),
        uncachedTokens.map(tokens => !line ? null : line.intercept + line.slope * tokens)
      ],
      counts: [{ name: 'Responses', values: count }],
      options: {
        scales: { x: { time: false }, y: kit.fromZero },
        axes: [kit.xAxis(), kit.valueAxis()]
      }
    }));
  };
})(Llm);
